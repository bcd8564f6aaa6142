import com.zaxxer.hikari.HikariDataSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Spring Boot with HikariCP and IAM tokens; without Spring the pool is the same. Up to five connections for up to ten minutes, which
 * IamDataSource makes: verify-full, a token that they share, dropped after a refused login. JPA and the like take
 * the pool from the context.
 *
 * <p>After a failover: a connection that rested for half a second is looked at before it is given away, and none is opened to what is
 * a reader now.
 *
 * <p>What it does not do: repeat a transaction that was cut off, which is yours if it may be; and read spring.datasource.url and its
 * kind, which the bean below takes the place of.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
public class Application {
  @Bean
  HikariDataSource dataSource() {
    HikariDataSource pool = new HikariDataSource();
    pool.setDataSource(new IamDataSource(System.getenv("PGHOST"), "primary"));
    pool.setMaximumPoolSize(5);
    pool.setMaxLifetime(600_000); // milliseconds, as all of these
    pool.setConnectionTimeout(5_000);
    return pool;
  }

  public static void main(String[] args) {
    try (var context = SpringApplication.run(Application.class, args)) {
      System.out.println(context.getBean(JdbcTemplate.class).queryForMap("SELECT session_user, pg_backend_pid()"));
    }
  }
}
