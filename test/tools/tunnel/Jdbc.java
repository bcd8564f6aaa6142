import java.sql.DriverManager;

/** Logs in as DataGrip and DBeaver do: by pgJDBC, with a user, a password, and no word about encryption. */
public class Jdbc {
  public static void main(String[] arguments) throws Exception {
    try (var connection = DriverManager.getConnection(arguments[0], arguments[1], System.getenv("PGPASSWORD"));
        var rows = connection.createStatement().executeQuery("SELECT session_user")) {
      rows.next();
      System.out.println(rows.getString(1));
    }
  }
}
