package dev.talosforge.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talosforge.problem.Problem;
import java.io.IOException;
import java.net.URI;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

/** What is said of connections that did not come about, and what helps against each. */
class NetworkProblemTest {
    private static final URI ADDRESS = URI.create("https://reg.lan/v2/acme/app/manifests/v1");

    private static Problem explained(IOException failure) {
        return NetworkProblem.explain("cannot resolve reg.lan/acme/app:v1", "GET", ADDRESS, failure);
    }

    private static Problem untrusted(CertificateException why) {
        SSLHandshakeException failure = new SSLHandshakeException("PKIX path building failed");
        failure.initCause(why);
        return explained(failure);
    }

    @Test
    void aCertificateForAnotherNameIsNotAMissingAuthority() {
        Problem name = untrusted(new CertificateException("No subject alternative DNS name matching reg.lan found."));
        assertEquals(
                "the certificate of reg.lan:443 is not trusted: No subject alternative DNS name matching reg.lan found.",
                name.why());
        assertEquals(
                "use a name from the certificate, or get a certificate for this name", String.valueOf(name.remedy()));
        assertEquals(
                "renew the certificate, or correct this machine's clock",
                String.valueOf(untrusted(new CertificateException(
                                "validity check failed", new CertificateExpiredException("NotAfter")))
                        .remedy()));
        assertEquals(
                "run: export TALOS_FORGE_CA_FILE=/path/to/its/authority.pem",
                String.valueOf(untrusted(
                                new CertificateException("unable to find valid certification path to requested target"))
                        .remedy()));
    }

    /** The runtime has two texts for it. */
    @Test
    void aServerWithoutTlsIsReportedAsOne() {
        for (String message :
                List.of("Unsupported or unrecognized SSL message", "Unrecognized SSL message, plaintext connection?")) {
            Problem plain = explained(new SSLException(message));
            assertEquals("reg.lan:443 does not speak TLS", plain.why());
            assertEquals(Problem.Kind.ENVIRONMENT, plain.kind());
        }
    }

    /** Not the request: two that wait for one server have one cause. */
    @Test
    void aServerThatSaysNothingIsNamed() {
        Problem silent = explained(new StalledException(HttpCall.get(ADDRESS), Duration.ofSeconds(60)));
        assertEquals("no data to or from reg.lan:443 for 60 s", silent.why());
    }

    @Test
    void wordsAfterAColonAreNotAPassword() {
        assertEquals("HTTP Basic: Access denied", Redaction.text("HTTP Basic: Access denied"));
        assertEquals("Authorization: Basic ***", Redaction.text("Authorization: Basic dTpw"));
        assertEquals("Bearer *** is old", Redaction.text("Bearer abc.def is old"));
    }
}
