/// Style sheet and script of HTML pages, for light and dark, wide and narrow screens.
enum HTMLStyle {
  /// The style sheet.
  static let sheet = """
    :root{--ink:#1f2328;--muted:#59636e;--line:#d1d9e0;--back:#ffffff;--band:#f6f8fa;--link:#0068b5;
    --good:#0b6b3a;--bad:#b3261e;color-scheme:light dark}
    @media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--muted:#9198a1;--line:#3d444d;--back:#0d1117;--band:#151b23;
    --link:#5cb0ff;--good:#4ac27b;--bad:#ff8a80}}
    *{box-sizing:border-box}
    body{margin:0 auto;padding:1rem clamp(.8rem,3vw,2.5rem) 4rem;max-width:76rem;background:var(--back);color:var(--ink);
    font:16px/1.55 system-ui,"Segoe UI",Helvetica,Arial,sans-serif;overflow-wrap:break-word}
    h1{font-size:1.7rem;line-height:1.25}h2{font-size:1.25rem;margin-top:2.2rem;padding-top:.6rem;border-top:1px solid var(--line)}
    a{color:var(--link)}td a{color:inherit;text-decoration:underline dotted var(--muted);text-underline-offset:3px}
    td a:hover,td a:focus-visible{color:var(--link)}p,li{max-width:62rem}code{font-size:.9em;overflow-wrap:anywhere}
    blockquote{margin:1rem 0;padding:.1rem 1rem;border-left:4px solid var(--bad);background:var(--band)}
    .scroll{overflow-x:auto;margin:.8rem 0}table{border-collapse:collapse;font-size:.92rem;font-variant-numeric:tabular-nums}
    th,td{padding:.32rem .65rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
    th{background:var(--band);white-space:nowrap;vertical-align:bottom}td.n,th.n{text-align:right;white-space:nowrap}
    td.w{min-width:15rem}td.v{min-width:9rem}.i{white-space:nowrap}.dense .i{display:block}
    .dense{font-size:.86rem}.dense th,.dense td{padding:.3rem .42rem}.dense td.w{min-width:10rem}.dense td.v{min-width:6rem}.dense th{white-space:normal}
    .scroll td:first-child,.scroll th:first-child{position:sticky;left:0}
    .scroll td:first-child{background:var(--back)}.more td{border-top-style:hidden}
    .sortable th{cursor:pointer}.sortable th[aria-sort=ascending]::after{content:" \\2191"}
    .sortable th[aria-sort=descending]::after{content:" \\2193"}
    tr:target td{background:var(--band);outline:2px solid var(--link)}
    details{margin:.6rem 0}summary{cursor:pointer;color:var(--muted)}
    .chart svg{max-width:100%;height:auto}.chart .narrow{display:none}figure{margin:1rem 0}figcaption,.small{color:var(--muted);font-size:.9rem}
    .grid{display:grid;gap:.5rem;overflow-x:auto;align-items:center;justify-content:start}
    .grid img{display:block;image-rendering:pixelated;max-width:100%;height:auto}.grid span{font-size:.85rem}
    .good{color:var(--good)}.bad{color:var(--bad)}
    @media (max-width:40rem){body{font-size:15px}th,td{padding:.3rem .45rem}td.w{min-width:11rem}ul{padding-left:1.2rem}
    th,th.n{white-space:normal}.i{display:block}.chart .wide{display:none}.chart .narrow{display:block}.grid{gap:.3rem}
    .grid span{font-size:.75rem}.cards thead{display:none}.cards,.cards tbody,.cards tr{display:block}
    .cards tr{padding:.35rem 0;border-bottom:2px solid var(--line)}
    .scroll .cards td{display:flex;justify-content:space-between;gap:1rem;min-width:0;padding:.1rem 0;border:0;
    text-align:right;white-space:normal;position:static}.cards td::before{content:attr(data-label);color:var(--muted);
    text-align:left;flex:none;max-width:45%}.scroll .cards td.w{display:block;text-align:left}
    .cards td.w::before{display:block;max-width:none}.scroll .cards td:empty{display:none}}
    @media print{.scroll{overflow:visible}details:not([open]){display:none}}

    """

  /// Sorts a table by the column whose heading is chosen: by number where cells begin with one, else by text.
  ///
  /// A row without a name belongs to the one above and moves with it.
  static let script = """
    document.querySelectorAll("table.sortable").forEach(function(table){
    table.querySelectorAll("th").forEach(function(head,column){head.tabIndex=0;
    function sort(){var body=table.tBodies[0],rows=Array.from(body.rows),down=head.getAttribute("aria-sort")==="ascending";
    function key(row){var text=row.cells[column].textContent.trim().replace(/\\u2212/g,"-");var number=parseFloat(text.replace(/^< /,""));
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

    """
}
