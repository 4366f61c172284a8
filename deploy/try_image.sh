#!/usr/bin/env bash
# Tries the image drug_mentions as it is meant to run: without network, rights
# or a writable root file system, as a user that is not root. It must build the
# sample to the byte; when a build fails, its exit code must say so and the
# file of the last good build must stay.
#
# As root: deploy/try_image.sh ENGINE, which is `docker run` or alike, words apart
set -euo pipefail
cd "$(dirname "$0")/.."

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
cp -r data/raw "$root"
chown -R 65532:65532 "$root"

build() {
    "$@" --rm --network none --read-only --tmpfs /tmp --cap-drop all \
        --security-opt no-new-privileges --volume "$root:/data" drug_mentions
}
published=$root/aggregated/mentioned_drugs.json

build "$@"
cmp "$published" tests/sample_mentioned_drugs.json
[ "$(stat --format %u "$published")" = 65532 ]

echo "atccode" > "$root/raw/drugs.csv" # without the column drug
code=0
build "$@" || code=$?
if [ "$code" -ne 1 ]; then
    echo "A build that can't succeed ended with exit code $code, not 1."
    exit 1
fi
cmp "$published" tests/sample_mentioned_drugs.json

echo "The image builds the sample, and a failed build leaves the file alone."
