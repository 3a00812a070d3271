using Confluent.Kafka;
using KafkaCaching.Options;
using KafkaCaching.Parts;
using KafkaCaching.Transports;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Tests.Parts;

/// <summary>Settings that only librdkafka or Confluent's builders refuse, alone or in combination with others.</summary>
public sealed class CheckedOptionsTests
{
    private const string Secret = "canary-secret";

    public static TheoryData<string, string, Action<KafkaCacheOptions<string, string>>> Refused => new()
    {
        { "Producer", "max.in.flight", static o => o.Producer = new ProducerConfig { MaxInFlight = 6 } },
        {
            "Producer", "ssl.ca.location",
            static o => o.Producer = new ProducerConfig { SecurityProtocol = SecurityProtocol.Ssl, SslCaLocation = "/no/such/ca.pem" }
        },
        { "Producer", "retries", static o => o.Producer = new ProducerConfig { MessageSendMaxRetries = 0 } },
        {
            "Producer", "linger.ms",
            static o => (o.PutTimeout, o.Producer) = (TimeSpan.FromSeconds(1), new ProducerConfig { LingerMs = 5000 })
        },
        {
            "Consumer", "fetch.max.bytes",
            static o => o.Consumer = new ConsumerConfig { FetchMaxBytes = 1024, MaxPartitionFetchBytes = 512 }
        },
        {
            "Consumer", "receive.message.max.bytes",
            static o => o.Consumer = new ConsumerConfig { ReceiveMessageMaxBytes = 2_000_000, FetchMaxBytes = 50_000_000 }
        },
        { "Consumer", "dotnet.cancellation.delay.max.ms", static o => o.Consumer = new ConsumerConfig { CancellationDelayMaxMs = 0 } },
        {
            "Client", "ssl.ca.location",
            static o => o.Client = new ClientConfig { SecurityProtocol = SecurityProtocol.Ssl, SslCaLocation = "/no/such/ca.pem" }
        },
        {
            "Client", "ssl.key.location",
            static o => o.Client = new ClientConfig { SecurityProtocol = SecurityProtocol.Ssl, SslKeyLocation = "/no/such/key.pem" }
        },
        {
            "Client", "ssl.keystore",
            static o => o.Client = new ClientConfig
            {
                SecurityProtocol = SecurityProtocol.Ssl, SslKeystoreLocation = "/no/such/store.p12", SslKeystorePassword = Secret,
            }
        },
        {
            "Client", "sasl.username",
            static o => o.Client = new ClientConfig
            {
                SecurityProtocol = SecurityProtocol.SaslPlaintext, SaslMechanism = SaslMechanism.Plain, SaslPassword = Secret,
            }
        },
        {
            "Client", "SASL mechanism",
            static o => o.Client = Settings(
                ("security.protocol", "sasl_plaintext"), ("sasl.mechanism", "NO-SUCH"), ("sasl.username", "u"), ("sasl.password", Secret))
        },
        {
            "Client", "oauthbearer",
            static o => o.Client = Settings(
                ("security.protocol", "sasl_plaintext"), ("sasl.mechanism", "OAUTHBEARER"), ("sasl.oauthbearer.method", "oidc"))
        },
        { "Client", "reconnect.backoff", static o => o.Client = new ClientConfig { ReconnectBackoffMs = 5000, ReconnectBackoffMaxMs = 1 } },
        { "Client", "", static o => o.Client = Settings(("plugin.library.paths", "/no/such/plugin")) },
    };

    public static TheoryData<string> Nullable => new(typeof(KafkaCacheOptions<string, string>).GetProperties()
        .Where(static property => property.CanWrite && !property.PropertyType.IsValueType)
        .Select(static property => property.Name));

    [Theory]
    [MemberData(nameof(Nullable))]
    public void Option_that_is_null_is_none_or_a_fault_of_its_name(string option)
    {
        var options = Good();
        typeof(KafkaCacheOptions<string, string>).GetProperty(option)!.SetValue(options, null);
        using var result = CheckedOptions.Of(options);
        Assert.All(result.Faults, fault => Assert.StartsWith($"{option} is ", fault, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void It_is_reported_at_once_with_the_option_and_the_reason(
        string option, string reason, Action<KafkaCacheOptions<string, string>> set)
    {
        var options = Good();
        set(options);
        var told = Assert.Throws<OptionsValidationException>(() => KafkaCache.Create(options));
        var fault = Assert.Single(told.Failures);
        Assert.StartsWith($"{option}: ", fault, StringComparison.Ordinal);
        Assert.Contains(reason, fault, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Secret, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_reported_together_with_everything_else_that_is_wrong()
    {
        var options = Good();
        options.Topic = "";
        options.Producer = new ProducerConfig { MaxInFlight = 6 };
        options.Consumer = new ConsumerConfig { FetchMaxBytes = 1024, MaxPartitionFetchBytes = 512 };
        Assert.Equal(["Topic is missing", "Consumer", "Producer"], Faults(options).Select(static fault => fault.Split(':', ',')[0]));
    }

    [Fact]
    public void Settings_that_are_known_to_be_wrong_are_reported_once()
    {
        var options = Good();
        options.Client = Settings(("no.such.setting", "1"));
        options.Producer = new ProducerConfig { CompressionLevel = 99_999 };
        options.PutTimeout = Timeout.InfiniteTimeSpan;
        Assert.Equal(["PutTimeout is -00", "Client", "Producer"], Faults(options).Select(static fault => fault.Split(':')[0]));
    }

    [Fact]
    public void A_read_only_cache_reports_a_wrong_producer_section_and_needs_none()
    {
        var options = Good();
        options.ReadOnly = true;
        Assert.Empty(Faults(options));
        options.Producer = new ProducerConfig { LingerMs = 5 };
        Assert.Empty(Faults(options));
        options.Producer = new ProducerConfig { MaxInFlight = 6 };
        Assert.StartsWith("Producer: ", Assert.Single(Faults(options)), StringComparison.Ordinal);
    }

    [Fact]
    public void Clients_that_are_in_order_are_handed_over_once()
    {
        using var good = CheckedOptions.Of(Good());
        Assert.Empty(good.Faults);
        using (var transport = Assert.IsType<KafkaTransport>(good.Take()))
            Assert.NotNull(transport.Clients.Producer);
        Assert.Throws<InvalidOperationException>(good.Take);
    }

    private static KafkaCacheOptions<string, string> Good() =>
        new() { BootstrapServers = "127.0.0.1:1", Topic = "users", ReadOnly = false };

    private static IReadOnlyList<string> Faults(KafkaCacheOptions<string, string> options)
    {
        using var one = CheckedOptions.Of(options);
        return one.Faults;
    }

    private static ClientConfig Settings(params (string Name, string Value)[] settings) =>
        new(settings.ToDictionary(static one => one.Name, static one => one.Value, StringComparer.Ordinal));
}
