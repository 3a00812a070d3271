using KafkaCaching.Clients;

namespace KafkaCaching.Tests.Clients;

public sealed class ClientLogTextTests
{
    [Theory]
    [InlineData("127.0.0.1:28442/1: Connect to ipv4#127.0.0.1:28442 failed: Connection refused", "127.0.0.1:28442")]
    [InlineData(
        "sasl_ssl://kafka.invalid:9092/12: Failed to resolve 'kafka.invalid:9092': Name or service not known", "kafka.invalid:9092")]
    [InlineData("[::1]:9092/0: Disconnected", "[::1]:9092")]
    [InlineData("127.0.0.1:9092/bootstrap: Connect to ipv4#127.0.0.1:9092 failed: Connection refused", null)]
    [InlineData("sasl_ssl://kafka:9092/bootstrap: SASL authentication error", null)]
    [InlineData("1/1 brokers are down", null)]
    [InlineData("", null)]
    public void An_address_is_the_brokers_own_only_where_their_ID_follows_it(string text, string? address) =>
        Assert.Equal(address, ClientLogText.AdvertisedAddressIn(text));
}
