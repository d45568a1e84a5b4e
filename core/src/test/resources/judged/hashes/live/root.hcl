inputs = {
  md5    = filemd5("x")
  sha1   = filesha1("x")
  sha256 = filesha256("x")
  sha512 = filesha512("x")
  base64 = [filebase64("x"), filebase64sha256("x"), filebase64sha512("x")]
}
