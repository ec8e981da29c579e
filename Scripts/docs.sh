#!/usr/bin/env bash
# Builds the reference of the modules that have a catalog, into .build/documentation; a warning is an error.
set -euo pipefail
cd "$(dirname "$0")/.."
swift build -c release
build=$(swift build -c release --show-bin-path)
target=$(swift -print-target-info | python3 -c 'import json, sys; print(json.load(sys.stdin)["target"]["triple"])')
maps=()
for map in "$build"/*.build/module.modulemap Sources/*/*/module.modulemap .build/checkouts/*/Sources/*/module.modulemap; do maps+=(-Xcc "-fmodule-map-file=$map"); done

for catalog in Sources/*/*/*.docc; do
  module=$(basename "$catalog" .docc)
  graphs=.build/symbol-graphs/$module
  rm -rf "$graphs"
  mkdir -p "$graphs" .build/documentation
  swift symbolgraph-extract -module-name "$module" -I "$build/Modules" -target "$target" "${maps[@]}" \
    -minimum-access-level public -skip-inherited-docs -output-dir "$graphs"
  docc convert "$catalog" --additional-symbol-graph-dir "$graphs" --warnings-as-errors \
    --fallback-display-name "$module" --fallback-bundle-identifier "orchestrator.$module" \
    --output-path ".build/documentation/$module.doccarchive"
  echo "documentation of $module is in .build/documentation/$module.doccarchive"
done
