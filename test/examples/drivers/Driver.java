import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.springframework.boot.SpringApplication;

/** For each line, a number, so many connections of the example that is named work at once. */
public final class Driver {
  public static void main(String[] args) throws Exception {
    DataSource pool = args[0].equals("AwsWrapper")
        ? AwsWrapper.openPool()
        : SpringApplication.run(Application.class).getBean(DataSource.class);
    var threads = Executors.newCachedThreadPool();
    var lines = new java.util.Scanner(System.in);
    while (lines.hasNextInt()) {
      int count = lines.nextInt();
      var all = new CountDownLatch(count);
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        answers.add(threads.submit(() -> answer(pool, all)));
      }
      List<String> texts = new ArrayList<>();
      for (var each : answers) {
        texts.add(each.get());
      }
      System.out.println(texts);
    }
  }

  /** Gives the connection back when all have one, so that each has its own. */
  private static String answer(DataSource pool, CountDownLatch all) {
    try (var connection = pool.getConnection();
        var rows = connection.createStatement().executeQuery("SELECT session_user, pg_backend_pid()")) {
      rows.next();
      all.countDown();
      all.await();
      return "{\"user\":\"%s\",\"session\":%d}".formatted(rows.getString(1), rows.getInt(2));
    } catch (Exception error) {
      all.countDown();
      var text = new StringBuilder();
      for (Throwable cause = error; cause != null; cause = cause.getCause()) {
        text.append(cause).append(' ');
      }
      return "{\"error\":\"%s\"}".formatted(text.toString().replaceAll("\\p{Cntrl}", " ").replaceAll("[\"\\\\]", "\\\\$0"));
    }
  }
}
