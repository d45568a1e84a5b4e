/** An HTTP client: limits, TLS, proxies, redirects, retries, redaction. Knows no protocol above HTTP. */
@NullMarked
package dev.talosforge.net;

import org.jspecify.annotations.NullMarked;
