import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * Connects with pgjdbc, and IAM tokens signed by the AWS SDK: to the writer, and to the readers where there are any.
 * mvn compile exec:java
 */
public final class Connect {
  public static void main(String[] args) throws SQLException {
    connect(System.getenv("PGHOST"));
    if (System.getenv("PGHOST_READER") != null) {
      connect(System.getenv("PGHOST_READER"));
    }
  }

  private static void connect(String host) throws SQLException {
    String url = "jdbc:postgresql://%s:%s/%s".formatted(host, System.getenv("PGPORT"), System.getenv("PGDATABASE"));
    Properties properties = new Properties();
    properties.setProperty("user", System.getenv("PGUSER"));
    properties.setProperty("authenticationPluginClassName", IamToken.class.getName());
    properties.setProperty("assumeMinServerVersion", "15"); // no SET after connecting, which RDS Proxy would pin it for
    properties.setProperty("sslmode", "verify-full");
    properties.setProperty("sslrootcert", System.getenv("PGSSLROOTCERT"));

    try (var connection = DriverManager.getConnection(url, properties);
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT session_user, current_database(), pg_is_in_recovery()")) {
      rows.next();
      String where = (rows.getBoolean(3) ? "a reader of " : "") + rows.getString(2);
      System.out.printf("connected to %s as %s%n", where, rows.getString(1));
    } catch (SQLException error) {
      if (String.valueOf(error.getSQLState()).startsWith("28")) {
        IamToken.drop(host);
      }
      throw error;
    }
  }
}
