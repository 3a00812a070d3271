using System.Diagnostics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.Clients;

/// <summary>If a broker refuses a client, the user gets the reason, and never a secret.</summary>
public sealed class SecurityTests(SecureKafka secure) : IClassFixture<SecureKafka>
{
    private const string WrongPassword = "wrong-horse-7";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task With_a_wrong_password_the_wait_and_the_status_name_authentication_and_dispose_ends()
    {
        await secure.StartAsync();
        var topic = await secure.Kafka.CreateTopicAsync();

        var said = await RefusedAsync(secure.SaslAddress, topic, SecureKafka.As(SecureKafka.Admin, WrongPassword));

        Assert.All(said, static text => Assert.Contains("authentication fail", text, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task With_the_right_password_it_reads_and_puts()
    {
        await secure.StartAsync();
        var topic = await secure.Kafka.CreateTopicAsync();
        await secure.Kafka.ProduceAsync(topic, "a", "1");
        await WorksAsync(secure.SaslAddress, topic, SecureKafka.As(SecureKafka.Admin));
    }

    [Fact]
    public async Task With_credentials_from_configuration_it_reads()
    {
        await secure.StartAsync();
        var topic = await secure.Kafka.CreateTopicAsync();
        await secure.Kafka.ProduceAsync(topic, "a", "1");
        var services = new ServiceCollection();
        services.AddKafkaCache<string, string>("users", TestHosts.Json($$"""
            {
              "BootstrapServers": "{{secure.SaslAddress}}",
              "Topic": "{{topic}}",
              "Client": { "SecurityProtocol": "SaslPlaintext", "sasl.mechanism": "PLAIN",
                "SaslUsername": "{{SecureKafka.Admin}}", "SaslPassword": "{{SecureKafka.Password}}" }
            }
            """));
        await using var provider = services.BuildServiceProvider();

        var cache = provider.GetRequiredService<IReadOnlyKafkaCache<string, string>>();
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        Assert.Equal("1", cache.Get("a"));
    }

    [Fact]
    public async Task With_a_certificate_that_nobody_trusts_the_wait_and_the_status_name_it()
    {
        await secure.StartAsync();
        var topic = await secure.Kafka.CreateTopicAsync();

        var said = await RefusedAsync(secure.TlsAddress, topic, new ClientConfig { SecurityProtocol = SecurityProtocol.Ssl });

        Assert.All(said, static text => Assert.Contains("certificate", text, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task With_its_authority_trusted_it_reads_and_puts()
    {
        await secure.StartAsync();
        var topic = await secure.Kafka.CreateTopicAsync();
        await secure.Kafka.ProduceAsync(topic, "a", "1");
        await WorksAsync(
            secure.TlsAddress, topic, new ClientConfig { SecurityProtocol = SecurityProtocol.Ssl, SslCaPem = secure.Authority });
    }

    [Fact]
    public async Task With_TLS_to_a_plain_listener_the_wait_and_the_status_name_it()
    {
        await secure.StartAsync();
        var topic = await secure.Kafka.CreateTopicAsync();

        var said = await RefusedAsync(
            secure.SaslAddress, topic, new ClientConfig { SecurityProtocol = SecurityProtocol.Ssl, SslCaPem = secure.Authority });

        Assert.All(said, static text => Assert.Contains("SSL", text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(AclOperation.Describe)]
    public async Task Without_an_ACL_it_needs_the_cache_faults_and_names_those_it_needs(AclOperation? has)
    {
        await secure.StartAsync();
        var topic = await secure.Kafka.CreateTopicAsync();
        await secure.Kafka.ProduceAsync(topic, "a", "1");
        if (has is { } operation)
            await secure.AllowGuestAsync(topic, operation);

        await using var cache = KafkaCache.Create(Options(secure.SaslAddress, topic, SecureKafka.As(SecureKafka.Guest)));
        var fault = await Assert.ThrowsAsync<CacheFaultedException>(() => cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken));

        Assert.Contains($"'{topic}'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("ACLs Describe and Read", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_the_ACLs_of_a_reader_it_reads_and_a_put_is_not_committed()
    {
        await secure.StartAsync();
        var topic = await secure.Kafka.CreateTopicAsync();
        await secure.Kafka.ProduceAsync(topic, "a", "1");
        await secure.AllowGuestAsync(topic, AclOperation.Describe, AclOperation.Read);

        await using var cache = KafkaCache.Create(Options(secure.SaslAddress, topic, SecureKafka.As(SecureKafka.Guest)));
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        Assert.Equal("1", cache.Get("a"));
        var refused = await Assert.ThrowsAsync<PutException>(
            () => cache.PutAsync("b", "2", cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(PutOutcome.NotCommitted, refused.Outcome);
        Assert.Contains("uthorization", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, await secure.Kafka.EndOffsetAsync(topic, 0));
        Assert.Equal(CachePhase.Ready, cache.Status.Phase);
    }

    private static KafkaCacheOptions<string, string> Options(string address, string topic, ClientConfig client)
    {
        var options = TestOptions.For(address, topic);
        options.Client = client;
        return options;
    }

    private static async Task WorksAsync(string address, string topic, ClientConfig client)
    {
        await using var cache = KafkaCache.Create(Options(address, topic, client));
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        Assert.Equal("1", cache.Get("a"));
        await cache.PutAsync("b", "2", PutWait.Applied);
        Assert.Equal("2", cache.Get("b"));
    }

    /// <returns>The messages that the user gets: from the wait that timed out, and from the status.</returns>
    private static async Task<string[]> RefusedAsync(string address, string topic, ClientConfig client)
    {
        using var loggers = new ListLoggerFactory();
        string[] said;
        TimeSpan disposing;
        await using (var cache = KafkaCache.Create(Options(address, topic, client), loggers))
        {
            await Eventually.TrueAsync(() => cache.Status.Reason is not null);
            var late = Assert.Throws<TimeoutException>(() => cache.WaitUntilReady(Soon));
            said = [late.Message, cache.Status.Reason!];
            Assert.Equal(CachePhase.Starting, cache.Status.Phase);

            var start = Stopwatch.GetTimestamp();
            await cache.DisposeAsync();
            disposing = Stopwatch.GetElapsedTime(start);
        }

        var lines = loggers.Logger.Lines;
        var all = string.Join('\n', [.. said, .. lines.Select(static line => $"{line}")]);
        TestContext.Current.TestOutputHelper?.WriteLine(all);
        Assert.InRange(disposing, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.InRange(lines.Count(static line => line.Level >= LogLevel.Information), 1, 8);
        Assert.DoesNotContain(WrongPassword, all, StringComparison.Ordinal);
        Assert.DoesNotContain(SecureKafka.Password, all, StringComparison.Ordinal);
        return said;
    }
}
