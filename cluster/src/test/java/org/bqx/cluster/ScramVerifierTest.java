package org.bqx.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** The example of RFC 7677, section 3: a server with this verifier lets its client in. */
class ScramVerifierTest {
  private static final String SALT = "W22ZaJ0SNY7soEsUEjb6gQ==";
  private static final String MESSAGES =
      "n=user,r=rOprNGfwEbeRWgbNEkqO,"
          + "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s="
          + SALT
          + ",i=4096,"
          + "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
  private static final String PROOF = "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
  private static final String SERVER_SIGNATURE = "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

  @Test
  void theServerKnowsTheClientAndTheClientTheServer() throws Exception {
    String[] verifier = ScramVerifier.of("pencil", decoded(SALT), 4096).split("[$:]");
    assertThat(verifier).hasSize(5).startsWith("SCRAM-SHA-256", "4096", SALT);
    byte[] storedKey = decoded(verifier[3]);
    byte[] clientKey = signature(storedKey);
    byte[] proof = decoded(PROOF);
    for (int i = 0; i < clientKey.length; i++) {
      clientKey[i] ^= proof[i];
    }
    assertThat(MessageDigest.getInstance("SHA-256").digest(clientKey)).isEqualTo(storedKey);
    assertThat(signature(decoded(verifier[4]))).isEqualTo(decoded(SERVER_SIGNATURE));
  }

  private static byte[] signature(byte[] key) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, mac.getAlgorithm()));
    return mac.doFinal(MESSAGES.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] decoded(String base64) {
    return Base64.getDecoder().decode(base64);
  }
}
