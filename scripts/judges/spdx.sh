# SPDX's own tool, which says whether a bill of materials is one.
debian_packages "$version" python3-spdx-tools
debian_program usr/bin/python3 usr/bin/pyspdxtools
