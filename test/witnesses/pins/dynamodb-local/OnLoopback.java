import com.amazonaws.services.dynamodbv2.local.main.ServerRunner;
import com.amazonaws.services.dynamodbv2.local.server.DynamoDBProxyServer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** DynamoDB Local binds every interface and wants a port; this starts it on a free port of 127.0.0.1 and says which. */
class OnLoopback {
  public static void main(String[] arguments) throws Exception {
    var dynamoDb = ServerRunner.createServerFromCommandLineArgs(arguments);
    var jetty = DynamoDBProxyServer.class.getDeclaredField("server");
    jetty.setAccessible(true);
    var connector = (ServerConnector) ((Server) jetty.get(dynamoDb)).getConnectors()[0];
    connector.setHost("127.0.0.1");
    connector.setPort(0);
    dynamoDb.start();
    System.out.println("listens at http://127.0.0.1:" + connector.getLocalPort());
    dynamoDb.join();
  }
}
