import java.sql.DriverManager;
import java.util.Properties;

/** Connects with pgjdbc and runs statements one by one; `rest` waits. What goes wrong is left to Java to print. */
public final class Probe {
  public static void main(String[] statements) throws Exception {
    var env = System.getenv();
    var properties = new Properties();
    properties.setProperty("user", env.get("PGUSER"));
    properties.setProperty("password", env.get("PGPASSWORD"));
    properties.setProperty("sslmode", env.get("PGSSLMODE"));
    properties.setProperty("sslrootcert", env.get("PGSSLROOTCERT"));
    properties.setProperty("connectTimeout", env.get("PGCONNECT_TIMEOUT"));
    if (env.containsKey("PGOPTIONS")) {
      properties.setProperty("options", env.get("PGOPTIONS"));
    }
    String url = "jdbc:postgresql://%s:%s/%s".formatted(env.get("PGHOST"), env.get("PGPORT"), env.get("PGDATABASE"));
    try (var connection = DriverManager.getConnection(url, properties);
        var session = connection.createStatement()) {
      for (String statement : statements) {
        if (statement.equals("rest")) {
          Thread.sleep(1000);
        } else {
          session.execute(statement);
        }
      }
    }
  }
}
