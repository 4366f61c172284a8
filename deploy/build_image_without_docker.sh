#!/usr/bin/env bash
# Builds and tries the image where no Docker engine runs and no image registry
# is reached. A stand-in takes the place and the name of the official base:
# Debian of the same release with Debian's own Python of the same minor version,
# from the mirror that apt is set to. Don't deploy what comes out.
#
# As root, on Debian: deploy/build_image_without_docker.sh [OPTION OF BUILDAH ...]
set -euo pipefail
cd "$(dirname "$0")/.."

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

base=$(sed -n 's/^FROM \(.*\) AS base$/\1/p' deploy/Dockerfile)
if ! podman image exists "$base"; then
    # The plain release's mirror, not that of its updates; the format is apt's.
    # shellcheck disable=SC2016
    mirror=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' \
        'Created-By: Packages' | sed -n 's/^[a-z]* //p' | head -n 1)
    debootstrap --variant minbase \
        --include ca-certificates,python3-pip,python3-venv \
        "${base##*-}" "$scratch/base" "$mirror"
    # The official image has its Python here, and no package files.
    ln -s /usr/bin/python3 "$scratch/base/usr/local/bin/python"
    ln -s /usr/bin/python3 "$scratch/base/usr/local/bin/python3"
    rm -r "$scratch"/base/var/lib/apt/lists/* \
        "$scratch"/base/var/cache/apt/archives/*.deb
    tar -C "$scratch/base" -c . | podman import - "$base"
fi

# What pip needs here to reach its index is lent to the build.
python3 -m pip config list | sed -nE \
    "s/^(global|:env:)\.(index-url|proxy|trusted-host)='(.*)'$/\2 = \3/p" \
    > "$scratch/settings"
{
    echo "[global]"
    cat "$scratch/settings"
    echo "cert = /run/secrets/ca.crt"
} > "$scratch/pip.conf"
buildah build --isolation chroot --pull-never \
    --secret "id=pip.conf,src=$scratch/pip.conf" \
    --secret id=ca.crt,src=/etc/ssl/certs/ca-certificates.crt \
    --file deploy/Dockerfile --ignorefile deploy/Dockerfile.dockerignore \
    --tag drug_mentions "$@" .
podman image inspect --format '{{.RepoTags}} {{.Size}} bytes' \
    "$base" drug_mentions

# podman's own limits are above those of a container that it runs in itself.
deploy/try_image.sh podman --runtime runc --cgroup-manager cgroupfs run \
    --ulimit nofile=1024:1024 --ulimit nproc=1024:1024
