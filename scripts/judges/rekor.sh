# rekor-cli: asks a transparency log, and checks what it says.
debian_packages "$version" rekor
debian_program usr/bin/rekor-cli
