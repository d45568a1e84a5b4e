# Terragrunt: reads the same trees, runs the same units. Its version stands elsewhere since 1.0.
case $version in
0.*) go_program . "-X github.com/gruntwork-io/go-commons/version.Version=v$version" ;;
*) go_program . "-X github.com/gruntwork-io/terragrunt/internal/version.Version=v$version" ;;
esac
