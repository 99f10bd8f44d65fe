# Shows what bash offers at the end of a line.
source ./sow.bash
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_TYPE=9 COMPREPLY=()
COMP_POINT=${#COMP_LINE}
_sow "$1" "${!#}" "${@: -2:1}"
printf '%s\n' "${COMPREPLY[@]}"
