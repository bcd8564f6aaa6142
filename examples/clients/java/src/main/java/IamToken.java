import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.postgresql.plugin.AuthenticationPlugin;
import org.postgresql.plugin.AuthenticationRequestType;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rds.RdsUtilities;

/**
 * Gives pgjdbc an IAM token for each connection, also for those that a pool opens later. The URL names this class in
 * authenticationPluginClassName; pgjdbc makes an instance of it for each connection, with the properties of that one. A token is
 * for one host, and is used for ten minutes, or until a minute before the credentials end: RDS does not throttle logins that repeat a token, but takes about 200 new ones a second.
 */
public final class IamToken implements AuthenticationPlugin {
  private static final DefaultCredentialsProvider CREDENTIALS = DefaultCredentialsProvider.builder().build();
  private static final RdsUtilities RDS = RdsUtilities.builder().region(Region.of(System.getenv("AWS_REGION"))).build();
  private static final Map<String, Token> TOKENS = new HashMap<>();

  private record Token(String text, Instant goodUntil) {}

  private final String host;

  public IamToken(Properties connection) {
    host = connection.getProperty("PGHOST");
  }

  @Override
  public char[] getPassword(AuthenticationRequestType type) {
    return get(host).toCharArray();
  }

  /** To be called after a refused login (SQLSTATE 28...): the next connection gets a token signed anew. */
  public static synchronized void drop(String host) {
    TOKENS.remove(host);
  }

  private static synchronized String get(String host) {
    Instant now = Instant.now();
    Token known = TOKENS.get(host);
    if (known != null && now.isBefore(known.goodUntil)) {
      return known.text;
    }
    var credentials = CREDENTIALS.resolveCredentials();
    String text = RDS.generateAuthenticationToken(request -> request
        .hostname(host)
        .port(Integer.parseInt(System.getenv("PGPORT")))
        .username(System.getenv("PGUSER"))
        .credentialsProvider(StaticCredentialsProvider.create(credentials)));
    Instant tenMinutes = now.plus(Duration.ofMinutes(10));
    Instant end = credentials.expirationTime().map(each -> each.minus(Duration.ofMinutes(1))).orElse(tenMinutes);
    TOKENS.put(host, new Token(text, end.isBefore(tenMinutes) ? end : tenMinutes));
    return text;
  }
}
