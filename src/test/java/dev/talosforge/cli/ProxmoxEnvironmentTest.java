package dev.talosforge.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talosforge.problem.BuildException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ProxmoxEnvironmentTest {
    private static final String TOKEN = "root@pam!forge=01234567-89ab-cdef-0123-456789abcdef";

    private static String refused(Map<String, String> environment, String... hostnames) {
        BuildException e = assertThrows(
                BuildException.class,
                () -> ProxmoxEnvironment.client(new TreeMap<>(environment), List.of("pve01"), List.of(hostnames)));
        return String.join("", e.problems().stream().map(ProblemText::render).toList());
    }

    @Test
    void anEndpointOrHostNamesWillDo() {
        assertNotNull(ProxmoxEnvironment.client(
                Map.of("PROXMOX_VE_ENDPOINT", "https://pve.test:8006/", "PROXMOX_VE_API_TOKEN", TOKEN),
                List.of("pve01"),
                List.of()));
        assertNotNull(ProxmoxEnvironment.client(
                Map.of("PROXMOX_VE_USERNAME", "root@pam", "PROXMOX_VE_PASSWORD", "x", "PROXMOX_VE_INSECURE", "true"),
                List.of("pve01"),
                List.of("pve01.test")));
    }

    @Test
    void everythingThatIsMissingIsToldAtOnce() {
        assertEquals("""
                error: cannot reach Proxmox
                  why:   neither PROXMOX_VE_ENDPOINT nor proxmox_node_hostnames says where Proxmox is
                  try:   export PROXMOX_VE_ENDPOINT=https://HOST:8006/
                error: cannot reach Proxmox
                  why:   there are no credentials: PROXMOX_VE_API_TOKEN is not set, nor PROXMOX_VE_USERNAME and PROXMOX_VE_PASSWORD
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
                error: cannot reach Proxmox
                  why:   PROXMOX_VE_API_TOKEN is not of the form USER@REALM!NAME=SECRET
                  try:   pveum user token add USER@REALM NAME   prints a new one
                """,
                refused(Map.of("PROXMOX_VE_ENDPOINT", "https://pve.test:8006/", "PROXMOX_VE_API_TOKEN", "secret")));
    }

    @Test
    void aHostNameThatIsNoneIsNamed() {
        assertEquals("""
                error: cannot reach Proxmox
                  why:   proxmox_node_hostnames has "pve 01", which is no host name
                  try:   give a name or an address only; for another port export PROXMOX_VE_ENDPOINT=https://HOST:PORT/
                """, refused(Map.of("PROXMOX_VE_API_TOKEN", TOKEN), "pve 01"));
    }
}
