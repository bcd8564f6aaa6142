import org.postgresql.plugin.AuthenticationPlugin;
import org.postgresql.plugin.AuthenticationRequestType;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rds.RdsUtilities;

/**
 * Gives pgjdbc a fresh IAM token for each connection, also for those that a pool opens later. The URL names this class
 * in authenticationPluginClassName; pgjdbc makes an instance of it for each connection.
 */
public final class IamToken implements AuthenticationPlugin {
  private static final DefaultCredentialsProvider CREDENTIALS = DefaultCredentialsProvider.builder().build();
  private static final RdsUtilities RDS = RdsUtilities.builder()
      .region(Region.of(System.getenv("AWS_REGION")))
      .credentialsProvider(CREDENTIALS)
      .build();

  @Override
  public char[] getPassword(AuthenticationRequestType type) {
    return RDS.generateAuthenticationToken(request -> request
        .hostname(System.getenv("PGHOST"))
        .port(Integer.parseInt(System.getenv("PGPORT")))
        .username(System.getenv("PGUSER"))).toCharArray();
  }
}
