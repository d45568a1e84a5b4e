# cosign: signatures beside images. Version 2 files them by tags, version 3 by what refers to an image.
debian_packages "$version" cosign
debian_program usr/bin/cosign
