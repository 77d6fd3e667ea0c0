package org.bqx.cluster;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What PostgreSQL stores of a password for SCRAM-SHA-256, by RFC 5802, in place of the password.
 */
final class ScramVerifier {
  private static final int KEY_BITS = 256;

  private ScramVerifier() {}

  /**
   * Returns the verifier of a password.
   *
   * @param password in ASCII
   * @param iterations of its hash, each of which every login takes, too
   */
  static String of(String password, byte[] salt, int iterations) {
    try {
      byte[] salted =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
              .generateSecret(new PBEKeySpec(password.toCharArray(), salt, iterations, KEY_BITS))
              .getEncoded();
      byte[] storedKey =
          MessageDigest.getInstance("SHA-256").digest(authenticated("Client Key", salted));
      Base64.Encoder base64 = Base64.getEncoder();
      return "SCRAM-SHA-256$%d:%s$%s:%s"
          .formatted(
              iterations,
              base64.encodeToString(salt),
              base64.encodeToString(storedKey),
              base64.encodeToString(authenticated("Server Key", salted)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] authenticated(String text, byte[] key) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, mac.getAlgorithm()));
    return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
  }
}
