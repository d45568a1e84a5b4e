# skopeo: the tool that copies images between registries and folders; Debian 12 has one of 2022.
debian_packages "$version" skopeo
debian_program usr/bin/skopeo
