import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** Connects with pgjdbc, and an IAM token signed by the AWS SDK. mvn compile exec:java */
public final class Connect {
  public static void main(String[] args) throws SQLException {
    String url = "jdbc:postgresql://%s:%s/%s".formatted(
        System.getenv("PGHOST"), System.getenv("PGPORT"), System.getenv("PGDATABASE"));
    Properties properties = new Properties();
    properties.setProperty("user", System.getenv("PGUSER"));
    properties.setProperty("authenticationPluginClassName", IamToken.class.getName());
    properties.setProperty("sslmode", "verify-full");
    properties.setProperty("sslrootcert", System.getenv("PGSSLROOTCERT"));

    try (var connection = DriverManager.getConnection(url, properties);
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT session_user, current_database()")) {
      rows.next();
      System.out.printf("connected to %s as %s%n", rows.getString(2), rows.getString(1));
    } catch (SQLException error) {
      if (String.valueOf(error.getSQLState()).startsWith("28")) {
        IamToken.drop();
      }
      throw error;
    }
  }
}
