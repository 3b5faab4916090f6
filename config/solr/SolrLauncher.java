import org.apache.solr.embedded.JettyConfig;
import org.apache.solr.embedded.JettySolrRunner;

/** Serves the cores below a Solr home at http://127.0.0.1:PORT/solr until the process is told to stop. */
public class SolrLauncher {
    public static void main(String[] args) throws Exception {
        JettyConfig jetty = JettyConfig.builder().setContext("/solr").setPort(Integer.parseInt(args[1])).build();
        JettySolrRunner solr = new JettySolrRunner(args[0], jetty);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(solr)));
        solr.start();
        Thread.currentThread().join();
    }

    private static void stop(JettySolrRunner solr) {
        try {
            solr.stop();
        } catch (Exception error) {
            System.err.println("Solr did not stop cleanly: " + error);
        }
    }
}
