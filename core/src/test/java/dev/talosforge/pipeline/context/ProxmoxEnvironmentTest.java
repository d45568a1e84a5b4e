package dev.talosforge.pipeline.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.problem.BuildException;
import dev.talosforge.problem.Problem;
import dev.talosforge.proxmox.ProxmoxClient;
import dev.talosforge.proxmox.wire.ProxmoxSettings;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ProxmoxEnvironmentTest {
    private static final String TOKEN = "root@pam!forge=01234567-89ab-cdef-0123-456789abcdef";

    private static ProxmoxClient client(Map<String, String> environment, List<String> nodes, List<String> hostnames) {
        return ProxmoxEnvironment.client(
                environment, nodes, hostnames, new ProxmoxSettings.Watch(InstantSource.system(), _ -> {}));
    }

    private static String refused(Map<String, String> environment, String... hostnames) {
        BuildException e = assertThrows(
                BuildException.class, () -> client(new TreeMap<>(environment), List.of("pve01"), List.of(hostnames)));
        return String.join(
                "", e.problems().stream().map(ProxmoxEnvironmentTest::reported).toList());
    }

    private static String reported(Problem problem) {
        String remedy = problem.remedy() == null ? "" : "  try:   " + problem.remedy() + "\n";
        return "error: %s\n  why:   %s\n%s".formatted(problem.what(), problem.why(), remedy);
    }

    @Test
    void anEndpointOrHostNamesWillDo() {
        assertNotNull(client(
                Map.of("PROXMOX_VE_ENDPOINT", "https://pve.test:8006/", "PROXMOX_VE_API_TOKEN", TOKEN),
                List.of("pve01"),
                List.of()));
        assertNotNull(client(
                Map.of("PROXMOX_VE_USERNAME", "root@pam", "PROXMOX_VE_PASSWORD", "x", "PROXMOX_VE_INSECURE", "true"),
                List.of("pve01"),
                List.of("pve01.test")));
    }

    @Test
    void everythingThatIsMissingIsReportedAtOnce() {
        assertEquals("""
                error: cannot reach Proxmox
                  why:   neither PROXMOX_VE_ENDPOINT nor proxmox_node_hostnames says where Proxmox is
                  try:   export PROXMOX_VE_ENDPOINT=https://HOST:8006/
                error: cannot log in to Proxmox
                  why:   credentials are missing: PROXMOX_VE_API_TOKEN is not set, nor PROXMOX_VE_USERNAME and PROXMOX_VE_PASSWORD
                  try:   export PROXMOX_VE_API_TOKEN='USER@REALM!NAME=SECRET'
                """, refused(Map.of()));
    }

    @Test
    void anEndpointWithCredentialsIsRefusedWithoutRepeatingIt() {
        assertEquals(
                """
                error: cannot reach Proxmox
                  why:   PROXMOX_VE_ENDPOINT is not of the form https://HOST:8006/, without credentials
                  try:   export PROXMOX_VE_ENDPOINT=https://HOST:8006/
                """,
                refused(Map.of(
                        "PROXMOX_VE_ENDPOINT", "https://root:secret@pve.test:8006/", "PROXMOX_VE_API_TOKEN", TOKEN)));
    }

    @Test
    void aTokenOfAnotherFormIsRefusedWithoutRepeatingIt() {
        assertEquals(
                """
                error: cannot log in to Proxmox
                  why:   PROXMOX_VE_API_TOKEN is not of the form USER@REALM!NAME=SECRET: it has neither "!" nor "=", like a secret alone
                  try:   pveum user token add USER@REALM NAME   creates and prints a new one
                """,
                refused(Map.of("PROXMOX_VE_ENDPOINT", "https://pve.test:8006/", "PROXMOX_VE_API_TOKEN", "secret")));
    }

    @Test
    void aHostNameThatIsInvalidIsNamed() {
        assertEquals("""
                error: cannot reach Proxmox
                  why:   proxmox_node_hostnames contains "pve 01", which is not a host name
                  try:   use only a name or an address; for another port: export PROXMOX_VE_ENDPOINT=https://HOST:PORT/
                """, refused(Map.of("PROXMOX_VE_API_TOKEN", TOKEN), "pve 01"));
    }

    private static String refusedToken(String token) {
        String message =
                refused(Map.of("PROXMOX_VE_ENDPOINT", "https://pve.test:8006/", "PROXMOX_VE_API_TOKEN", token));
        return message.lines().skip(1).findFirst().orElse("").replaceAll(".*=SECRET: ", "");
    }

    @Test
    void whatATokenLacksIsReported() {
        String secret = "01234567-89ab-cdef-0123-456789abcdef";
        assertEquals("it contains quotation marks", refusedToken("'root@pam!forge=" + secret + "'"));
        assertEquals(
                "it starts with the name of the header; leave that out",
                refusedToken("PVEAPIToken=root@pam!forge=" + secret));
        assertEquals(
                "it has no \"!\" with a token's name: users have no such secret", refusedToken("root@pam=" + secret));
        assertEquals("its user has no realm, such as root@pam or ci@pve", refusedToken("root!forge=" + secret));
        assertEquals("it has no secret after \"=\"", refusedToken("root@pam!forge"));
        assertEquals("it has no secret after \"=\"", refusedToken("root@pam!forge="));
        assertEquals("it contains a character that no token has", refusedToken("root@pam!my forge=" + secret));
    }

    @Test
    void aUserWithoutARealmOrAPassword() {
        assertEquals("""
                error: cannot log in to Proxmox
                  why:   PROXMOX_VE_USERNAME is "root", without a realm
                  try:   export PROXMOX_VE_USERNAME=root@pam, or root@pve for a user of Proxmox itself
                """, refused(Map.of("PROXMOX_VE_USERNAME", "root", "PROXMOX_VE_PASSWORD", "x"), "pve01"));
        assertEquals("""
                error: cannot log in to Proxmox
                  why:   credentials are missing: PROXMOX_VE_API_TOKEN is not set, and of PROXMOX_VE_USERNAME and PROXMOX_VE_PASSWORD only the first is set
                  try:   export PROXMOX_VE_API_TOKEN='USER@REALM!NAME=SECRET'
                """, refused(Map.of("PROXMOX_VE_USERNAME", "root@pam"), "pve01"));
    }

    @Test
    void truthValuesAsOthersWriteThem() {
        for (String yes : List.of("True", "yes", "1", "t", "ON", "no", "False", "0", "")) {
            assertNotNull(client(
                    Map.of(
                            "PROXMOX_VE_ENDPOINT",
                            "HTTPS://PVE.test:8006/",
                            "PROXMOX_VE_API_TOKEN",
                            TOKEN,
                            "PROXMOX_VE_INSECURE",
                            yes),
                    List.of("pve01"),
                    List.of()));
        }
        assertEquals("""
                error: cannot reach Proxmox
                  why:   PROXMOX_VE_INSECURE is "ture", which is neither true nor false
                  try:   export PROXMOX_VE_INSECURE=true, or unset it
                """, refused(Map.of("PROXMOX_VE_API_TOKEN", TOKEN, "PROXMOX_VE_INSECURE", "ture"), "pve01"));
    }

    @Test
    void anEndpointThatLacksItsScheme() {
        assertEquals("""
                error: cannot reach Proxmox
                  why:   PROXMOX_VE_ENDPOINT is not of the form https://HOST:8006/, without credentials
                  try:   export PROXMOX_VE_ENDPOINT=https://pve1.lan:8006/
                """, refused(Map.of("PROXMOX_VE_API_TOKEN", TOKEN, "PROXMOX_VE_ENDPOINT", "pve1.lan")));
        assertEquals(
                """
                error: cannot reach Proxmox
                  why:   PROXMOX_VE_ENDPOINT starts with http://, but Proxmox only speaks TLS
                  try:   export PROXMOX_VE_ENDPOINT=https://HOST:8006/
                """, refused(Map.of("PROXMOX_VE_API_TOKEN", TOKEN, "PROXMOX_VE_ENDPOINT", "http://pve1.lan:8006")));
    }
}
