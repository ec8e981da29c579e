document.querySelectorAll("table.sortable").forEach(function(table){
table.querySelectorAll("th").forEach(function(head,column){head.tabIndex=0;
function sort(){var body=table.tBodies[0],rows=Array.from(body.rows),down=head.getAttribute("aria-sort")==="ascending";
function key(row){var text=row.cells[column].textContent.trim().replace(/\u2212/g,"-");var number=parseFloat(text.replace(/^< /,""));
return isNaN(number)?text:number}
var groups=[];rows.forEach(function(row){if(row.className==="more"&&groups.length){groups[groups.length-1].push(row)}else{groups.push([row])}});
groups.map(function(group,place){return[key(group[0]),place,group]}).sort(function(a,b){var x=a[0],y=b[0],order;
if(typeof x===typeof y){order=typeof x==="number"?x-y:x.localeCompare(y)}else{order=typeof x==="number"?-1:1}
return(down?-order:order)||a[1]-b[1]}).forEach(function(item){item[2].forEach(function(row){body.appendChild(row)})});
table.querySelectorAll("th").forEach(function(other){other.removeAttribute("aria-sort")});
head.setAttribute("aria-sort",down?"descending":"ascending")}
head.addEventListener("click",sort);
head.addEventListener("keydown",function(event){if(event.key==="Enter"||event.key===" "){event.preventDefault();sort()}})})});
document.querySelectorAll("a[href^='#']").forEach(function(link){link.addEventListener("click",function(){
var target=document.getElementById(decodeURIComponent(link.hash.slice(1)));
for(var box=target;box;box=box.parentElement){if(box.tagName==="DETAILS"){box.open=true}}})});
(function(){var contents=document.querySelector(".contents details");if(contents&&matchMedia("(min-width:70rem)").matches){contents.open=true}
function mark(){document.querySelectorAll(".scroll").forEach(function(box){var wide=box.scrollWidth>box.clientWidth+1;
box.classList.toggle("scrolls",wide);if(wide){box.tabIndex=0;box.setAttribute("role","region");
box.setAttribute("aria-label","Scrolls sideways")}else{box.removeAttribute("tabindex");box.removeAttribute("role");box.removeAttribute("aria-label")}})}
mark();addEventListener("resize",mark);document.addEventListener("toggle",mark,true);
var links=Array.from(document.querySelectorAll(".contents a")),heads=links.map(function(link){return document.getElementById(decodeURIComponent(link.hash.slice(1)))});
if(!links.length){return}function place(){var now=-1;heads.forEach(function(head,number){if(head&&head.getBoundingClientRect().top<innerHeight/3){now=number}});
links.forEach(function(link,number){if(number===now){link.setAttribute("aria-current","true")}else{link.removeAttribute("aria-current")}})}
addEventListener("scroll",place,{passive:true});place()})();
