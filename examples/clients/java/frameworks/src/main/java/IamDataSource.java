import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.ds.PGSimpleDataSource;

/** Connections of pgjdbc to one host, PGHOST or PGHOST_READER, with tokens of IamToken's. It is no pool: give it to one. */
public final class IamDataSource extends PGSimpleDataSource {
  private final String host;

  /** @param servers "primary", so that none is opened to what is a reader since a failover, or "any" */
  public IamDataSource(String host, String servers) {
    this.host = host;
    setURL("jdbc:postgresql://%s:%s/%s".formatted(host, System.getenv("PGPORT"), System.getenv("PGDATABASE")));
    setUser(System.getenv("PGUSER"));
    setAuthenticationPluginClassName(IamToken.class.getName());
    setSslMode("verify-full");
    setSslRootCert(System.getenv("PGSSLROOTCERT"));
    setTargetServerType(servers);
    setAssumeMinServerVersion("15"); // no SET after connecting, which RDS Proxy would pin it for
    setConnectTimeout(5); // seconds
    setTcpKeepAlive(true);
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    try {
      return super.getConnection(user, password);
    } catch (SQLException error) {
      if (String.valueOf(error.getSQLState()).startsWith("28")) {
        IamToken.drop(host);
      }
      throw error;
    }
  }
}
