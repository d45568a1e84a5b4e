# notation: signatures of the Notary Project, filed by what refers to an image.
debian_packages "$version" notation
debian_program usr/bin/notation
