using Confluent.Kafka;
using KafkaCaching.Clients;
using Xunit;

namespace KafkaCaching.Tests.Clients;

public sealed class PropertyCheckTests
{
    [Fact]
    public void A_name_that_the_client_does_not_know_is_a_fault()
    {
        var config = new ClientConfig();
        config.Set("sasl.pasword", "hunter2");

        var fault = Assert.Single(PropertyCheck.Faults("Client", config));

        Assert.Contains("'sasl.pasword'", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_the_client_refuses_is_a_fault_that_does_not_quote_it()
    {
        var config = new ClientConfig();
        config.Set("security.protocol", "hunter2");

        var fault = Assert.Single(PropertyCheck.Faults("Consumer", config));

        Assert.StartsWith("Consumer: the Kafka client refuses the value of 'security.protocol'", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_that_the_client_takes_are_no_faults() => Assert.Empty(PropertyCheck.Faults("Client", new ClientConfig
    {
        BootstrapServers = "localhost:9092",
        SecurityProtocol = SecurityProtocol.SaslSsl,
        SaslMechanism = SaslMechanism.ScramSha256,
        SaslUsername = "reader",
        SaslPassword = "secret",
        SslCaLocation = "/not/there/yet.pem",
        SocketTimeoutMs = 1000,
    }));
}
