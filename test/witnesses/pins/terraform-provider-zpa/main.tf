terraform {
  required_providers {
    zpa = {
      source  = "zscaler/zpa"
      version = "4.4.7"
    }
  }
}
