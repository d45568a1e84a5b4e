# How a module runs Talos Forge. This file is the same in the three modules.

variable "talos_forge" {
  type        = string
  default     = "talos-forge"
  nullable    = false
  description = "The program: a name to search for in PATH, or an absolute path. TF_VAR_talos_forge sets it from the environment."
}

variable "folder" {
  type        = string
  default     = null
  description = "Folder where relative paths of inputs begin; by default where Terraform runs. Terragrunt runs a module in its cache, which contains a copy of the unit's files."
}

variable "unit" {
  type        = string
  default     = null
  description = "What messages call this unit; by default the module's name. It is also in the record with a published image: set it if a configuration uses this module more than once."
}

variable "repair" {
  type        = string
  default     = null
  description = "Any new value applies again although no input changed: after a deleted ISO, a moved tag, a file that is gone from the storage."
}

variable "check_targets" {
  type        = bool
  default     = false
  nullable    = false
  description = "Whether each plan also warns if what was published, written or uploaded is gone or is something else. It costs another start of the program."
}

locals {
  folder = abspath(coalesce(var.folder, path.root))

  # Only what is set: the program has the defaults.
  request = merge(
    {
      inputs = jsonencode({ for name, value in local.inputs : name => value if value != null })
      folder = local.folder
    },
    var.unit == null ? {} : { name = var.unit },
  )

  # Everything that can change the result: versions, digests, arguments. They are what a plan shows. The digest of all
  # of them says nothing that they do not.
  parts = {
    for name, value in data.external.plan.result : name => value if !contains(["format", "digest"], name)
  }

  # What an apply made; null until the first one.
  outputs = try(terraform_data.outputs.output.outputs, null)
}

# Resolves every reference to a digest, and changes nothing. Read by each plan.
data "external" "plan" {
  program = [var.talos_forge, "stage", local.stage, "plan"]
  query   = local.request

  lifecycle {
    postcondition {
      condition     = self.result.format == "1"
      error_message = "This module reads format 1, and ${var.talos_forge} answers in format ${self.result.format}. Write the modules again with: talos-forge module write"
    }
  }
}

# Replaced, which applies the stage, if one of its parts differs from the last apply.
resource "terraform_data" "made" {
  triggers_replace = merge(local.parts, var.repair == null ? {} : { repair = var.repair })

  # Without a shell: the program itself is the interpreter of the "command" apply. The request is in the environment
  # because such a program has no stdin, and because every user of a machine can read command lines.
  provisioner "local-exec" {
    interpreter = [var.talos_forge, "stage", local.stage]
    command     = "apply"
    environment = {
      TALOS_FORGE_REQUEST = jsonencode(merge(local.request, { outputs_file = "${local.answers}/${self.id}.json" }))
    }
  }
}

locals {
  answers = "${abspath(path.root)}/.talos-forge"
  file    = "${local.answers}/${terraform_data.made.id}.json"
  answer  = fileexists(local.file) ? jsondecode(file(local.file)) : null
}

# Keeps the outputs in the state: another machine, and every consumer, read them there. The record of the apply is encoded
# because a plan would show it line by line.
resource "terraform_data" "outputs" {
  input = local.answer == null ? null : {
    outputs = jsondecode(local.answer.outputs)
    record  = base64encode(local.answer.record)
  }

  lifecycle {
    ignore_changes       = [input]
    replace_triggered_by = [terraform_data.made.id]

    postcondition {
      condition     = self.output != null
      error_message = "The outputs of the last apply are lost: it was interrupted after it had made everything. Apply again with another value of repair."
    }
  }
}

# Whether what was made is still there.
data "external" "present" {
  count = var.check_targets ? 1 : 0

  program = [var.talos_forge, "stage", local.stage, "present"]
  query   = merge(local.request, { record = try(base64decode(terraform_data.outputs.output.record), "") })
}

check "targets" {
  assert {
    condition     = alltrue([for present in data.external.present : present.result.present == "true"])
    error_message = join("\n", concat([for present in data.external.present : present.result.missing], ["Apply again with another value of repair to make it again."]))
  }
}
