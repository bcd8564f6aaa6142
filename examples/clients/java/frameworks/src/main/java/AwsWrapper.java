import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;

/**
 * The AWS JDBC wrapper around pgjdbc, in HikariCP. Its plugin iam signs a token for each host, keeps it as long as iamExpiration says,
 * and signs anew, at once, when one that it kept is refused. Up to five connections for up to ten minutes.
 *
 * <p>After a failover: failover2 asks Aurora who the writer is, and connects there by the instance's own name, without waiting for
 * DNS. What was running fails with SQLSTATE 08S02, and its connection works again: begin anew. In a transaction it is 08007, and may
 * or may not be committed. HikariCP is told to keep such a connection. efm2 notices an instance that does not answer.
 *
 * <p>What it does not do: give up a token when the credentials that signed it end; it is refused then, and signed anew. Its plugins watch
 * instances by connections of their own, which count for the database user. Through RDS Proxy, which has no instances, take iam alone.
 */
public final class AwsWrapper {
  public static HikariDataSource openPool() {
    HikariDataSource pool = new HikariDataSource();
    pool.setJdbcUrl("jdbc:aws-wrapper:postgresql://%s:%s/%s".formatted(
        System.getenv("PGHOST"), System.getenv("PGPORT"), System.getenv("PGDATABASE")));
    pool.setUsername(System.getenv("PGUSER"));
    pool.addDataSourceProperty("wrapperPlugins", "failover2,efm2,iam");
    pool.addDataSourceProperty("iamRegion", System.getenv("AWS_REGION"));
    pool.addDataSourceProperty("iamExpiration", "600"); // seconds
    pool.addDataSourceProperty("sslmode", "verify-full");
    pool.addDataSourceProperty("sslrootcert", System.getenv("PGSSLROOTCERT"));
    pool.addDataSourceProperty("targetServerType", "primary");
    pool.setExceptionOverrideClassName("software.amazon.jdbc.util.HikariCPSQLException");
    pool.setMaximumPoolSize(5);
    pool.setMaxLifetime(600_000); // milliseconds, as these two
    pool.setConnectionTimeout(5_000);
    return pool;
  }

  public static void main(String[] args) throws SQLException {
    try (var pool = openPool();
        var connection = pool.getConnection();
        var rows = connection.createStatement().executeQuery("SELECT session_user, pg_backend_pid()")) {
      rows.next();
      System.out.println(rows.getString(1) + " " + rows.getInt(2));
    }
  }
}
