import java.time.Duration;
import java.time.Instant;
import org.postgresql.plugin.AuthenticationPlugin;
import org.postgresql.plugin.AuthenticationRequestType;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rds.RdsUtilities;

/**
 * Gives pgjdbc an IAM token for each connection, also for those that a pool opens later. The URL names this class in
 * authenticationPluginClassName; pgjdbc makes an instance of it for each connection. One token is used for ten minutes, or until a
 * minute before the credentials end: RDS does not throttle logins that repeat a token, but takes about 200 new ones a second.
 */
public final class IamToken implements AuthenticationPlugin {
  private static final DefaultCredentialsProvider CREDENTIALS = DefaultCredentialsProvider.builder().build();
  private static final RdsUtilities RDS = RdsUtilities.builder().region(Region.of(System.getenv("AWS_REGION"))).build();
  private static String token;
  private static Instant goodUntil = Instant.MIN;

  @Override
  public char[] getPassword(AuthenticationRequestType type) {
    return get().toCharArray();
  }

  /** To be called after a refused login (SQLSTATE 28...): the next connection gets a token signed anew. */
  public static synchronized void drop() {
    goodUntil = Instant.MIN;
  }

  private static synchronized String get() {
    Instant now = Instant.now();
    if (now.isBefore(goodUntil)) {
      return token;
    }
    var credentials = CREDENTIALS.resolveCredentials();
    token = RDS.generateAuthenticationToken(request -> request
        .hostname(System.getenv("PGHOST"))
        .port(Integer.parseInt(System.getenv("PGPORT")))
        .username(System.getenv("PGUSER"))
        .credentialsProvider(StaticCredentialsProvider.create(credentials)));
    Instant tenMinutes = now.plus(Duration.ofMinutes(10));
    Instant end = credentials.expirationTime().map(each -> each.minus(Duration.ofMinutes(1))).orElse(tenMinutes);
    goodUntil = end.isBefore(tenMinutes) ? end : tenMinutes;
    return token;
  }
}
