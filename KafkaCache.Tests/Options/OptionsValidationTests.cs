using System.Text.Json.Serialization.Metadata;
using Confluent.Kafka;
using KafkaCaching.Options;
using KafkaCaching.Tests.Hosting;
using Xunit;

namespace KafkaCaching.Tests.Options;

public sealed class OptionsValidationTests
{
    [Fact]
    public void Good_options_have_no_faults()
    {
        Assert.Empty(OptionsValidation.Validate(Good()));
        Assert.Empty(Faults(o =>
        {
            o.BootstrapServers = null;
            o.Client = new ClientConfig
            {
                BootstrapServers = "kafka-1.example:9092, 10.0.0.2:9092,[::1]:9092,SASL_SSL://my_broker:9093",
                SecurityProtocol = Confluent.Kafka.SecurityProtocol.SaslSsl,
            };
            o.Name = "users of A";
            o.ReadyTimeout = Timeout.InfiniteTimeSpan;
            o.StaleAfter = TimeSpan.FromDays(1);
            o.PutTimeout = TimeSpan.FromMilliseconds(100);
            o.ApplyTimeout = TimeSpan.FromMilliseconds(1);
            o.Store.MemoryBudget = 16 << 20;
            o.Store.SpillDirectory = "not/there/yet";
            o.Consumer = new ConsumerConfig { FetchWaitMaxMs = 10 };
        }));
    }

    [Fact]
    public void Read_only_cache_may_have_what_only_puts_use() => Assert.Empty(Faults(o =>
    {
        o.ReadOnly = true;
        o.Producer = new ProducerConfig { LingerMs = 5 };
        o.ValidatePut = (_, _) => true;
    }));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("localhost")]
    [InlineData("localhost:")]
    [InlineData("localhost:0")]
    [InlineData("localhost:65536")]
    [InlineData("localhost:-1")]
    [InlineData("localhost:9092,")]
    [InlineData("a b:9092")]
    [InlineData("::1:9092")]
    [InlineData("[::1]")]
    [InlineData("[localhost]:9092")]
    [InlineData(":9092")]
    [InlineData("http://localhost")]
    [InlineData("http://localhost:9092")]
    [InlineData("kafka://localhost:9092")]
    [InlineData("localhost:9092,kafka://localhost:9093")]
    [InlineData("SASL_SSL://localhost:9092")]
    [InlineData("://localhost:9092")]
    [InlineData("localhost:9092/")]
    [InlineData("localhost:99999")]
    [InlineData("localhost:9092:9093")]
    public void Bootstrap_servers_missing_or_malformed(string? servers) =>
        Assert.StartsWith("BootstrapServers", Assert.Single(Faults(o => o.BootstrapServers = servers)), StringComparison.Ordinal);

    [Fact]
    public void Malformed_bootstrap_servers_are_found_in_every_option()
    {
        IReadOnlyList<string> faults = Faults(o =>
        {
            o.Client = new ClientConfig { BootstrapServers = "one" };
            o.Consumer = new ConsumerConfig { BootstrapServers = "two" };
            o.Producer = new ProducerConfig { BootstrapServers = "three" };
        });
        Assert.Equal(
            ["Client.BootstrapServers", "Consumer.BootstrapServers", "Producer.BootstrapServers"],
            faults.Select(fault => fault.Split(':')[0]));
    }

    [Fact]
    public void Consumers_bootstrap_servers_alone_are_not_enough() => Assert.Single(Faults(o =>
    {
        o.BootstrapServers = null;
        o.Consumer = new ConsumerConfig { BootstrapServers = "localhost:9092" };
    }));

    [Fact]
    public void Address_that_may_hold_a_password_is_not_quoted() =>
        Assert.DoesNotContain(
            "canary", Assert.Single(Faults(o => o.BootstrapServers = "PLAINTEXT://ada:canary@localhost")), StringComparison.Ordinal);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("é")]
    public void Topic_missing_or_illegal(string? topic) =>
        Assert.StartsWith("Topic ", Assert.Single(Faults(o => o.Topic = topic)), StringComparison.Ordinal);

    [Fact]
    public void Names_may_be_249_characters_and_no_longer()
    {
        Assert.Empty(Faults(o => o.Topic = o.Name = new string('a', 249)));
        Assert.Equal(2, Faults(o => o.Topic = o.Name = new string('a', 250)).Count);
        Assert.Single(Faults(o => o.Name = " "));
        Assert.Single(Faults(o => o.Name = "a\nb"));
        Assert.Empty(Faults(o => o.Name = "a😀"));
        Assert.Single(Faults(o => o.Name = "a\ud83d"));
        Assert.Single(Faults(o => o.Name = "\ude00a"));
    }

    [Fact]
    public void Key_type_without_built_in_encoding_needs_serializers()
    {
        static IReadOnlyList<string> Faults(Action<KafkaCacheOptions<Uri, string>> change)
        {
            var options = new KafkaCacheOptions<Uri, string> { BootstrapServers = "localhost:9092", Topic = "pages" };
            change(options);
            return OptionsValidation.Validate(options);
        }

        var both = new UriSerializer();
        Assert.Equal(["KeySerializer", "KeyDeserializer"], Faults(_ => { }).Select(fault => fault.Split(' ')[0]));
        Assert.StartsWith("KeySerializer", Assert.Single(Faults(o => o.KeyDeserializer = both)), StringComparison.Ordinal);
        Assert.Empty(Faults(o => o.KeySerializer = both));
        Assert.Empty(Faults(o => (o.KeySerializer, o.KeyDeserializer) = (both, both)));
        Assert.Single(Faults(o => (o.KeySerializer, o.Decode) = (both, DecodeMode.OnReplay)));
        Assert.Single(Faults(o => (o.KeySerializer, o.OnRecordError) = (both, RecordErrorPolicy.Quarantine)));
        Assert.Single(Faults(o => (o.KeySerializer, o.ValidateMutation) = (both, (in CacheMutation<Uri, string> _) => true)));
        Assert.Single(Faults(o => (o.KeySerializer, o.Resolver) = (both, (in CacheRecord _, ICacheUpdates<Uri, string> _) => { })));
    }

    [Fact]
    public void Value_encoding_needs_the_sides_that_the_cache_uses()
    {
        static IReadOnlyList<string> Faults(Action<KafkaCacheOptions<string, Uri>> change)
        {
            var options = new KafkaCacheOptions<string, Uri> { BootstrapServers = "localhost:9092", Topic = "pages" };
            change(options);
            return OptionsValidation.Validate(options);
        }

        var both = new UriSerializer();
        Assert.Empty(Faults(_ => { }));
        Assert.Empty(Faults(o => o.ValueDeserializer = both));
        Assert.StartsWith("ValueDeserializer", Assert.Single(Faults(o => o.ValueSerializer = both)), StringComparison.Ordinal);
        Assert.StartsWith(
            "ValueSerializer", Assert.Single(Faults(o => (o.ValueDeserializer, o.ReadOnly) = (both, false))), StringComparison.Ordinal);
        Assert.StartsWith("ValueSerializer", Assert.Single(Faults(o => (o.ValueDeserializer, o.Resolver) =
            (both, (in CacheRecord _, ICacheUpdates<string, Uri> _) => { }))), StringComparison.Ordinal);
        Assert.Empty(Faults(o => (o.ValueDeserializer, o.ValueSerializer, o.ReadOnly) = (both, both, false)));
    }

    [Fact]
    public void Value_type_that_JSON_cannot_hold_is_found_at_once()
    {
        var options = new KafkaCacheOptions<string, Twice> { BootstrapServers = "localhost:9092", Topic = "pages" };
        Assert.Contains(nameof(Twice), Assert.Single(OptionsValidation.Validate(options)), StringComparison.Ordinal);
    }

    [Fact]
    public void Value_contract_and_serializers_exclude_each_other() => Assert.StartsWith(
        "ValueJsonTypeInfo",
        Assert.Single(Faults(o => (o.ValueJsonTypeInfo, o.ValueDeserializer) =
            (JsonTypeInfo.CreateJsonTypeInfo<string>(new()), Deserializers.Utf8))),
        StringComparison.Ordinal);

    [Fact]
    public void Values_out_of_range_are_all_reported_at_once()
    {
        IReadOnlyList<string> faults = Faults(o =>
        {
            o.Decode = (DecodeMode)7;
            o.OnRecordError = (RecordErrorPolicy)7;
            o.ReadyTimeout = TimeSpan.Zero;
            o.StaleAfter = TimeSpan.FromMilliseconds(999);
            o.PutTimeout = Timeout.InfiniteTimeSpan;
            o.ApplyTimeout = TimeSpan.FromDays(2);
            o.TimeProvider = null!;
            o.Store.MemoryBudget = (16 << 20) - 1;
            o.Store.SpillDirectory = "a\0b";
        });
        Assert.Equal(
            [
                "Decode", "OnRecordError", "ReadyTimeout", "StaleAfter", "PutTimeout", "ApplyTimeout", "TimeProvider", "Store.MemoryBudget",
                "Store.SpillDirectory",
            ],
            faults.Select(fault => fault.Split(' ')[0]));
        Assert.All(faults, fault => Assert.Matches("Set it|Leave it out", fault));
    }

    [Theory]
    [InlineData(1L << 30, (1L << 10) - 1, "Set it to a value from 1 KiB")]
    [InlineData(1L << 40, (256L << 20) + 1, "Set it to a value from 1 KiB")]
    [InlineData(1L << 30, -1, "Set it to a value from 1 KiB")]
    [InlineData(1L << 30, (128L << 20) + 1, "needs a Store.MemoryBudget of at least 2147483648 bytes")]
    [InlineData((2L << 30) - 1, 256L << 20, "needs a Store.MemoryBudget of at least 2147483648 bytes")]
    [InlineData(16L << 20, (2L << 20) + 1, "needs a Store.MemoryBudget of at least 33554432 bytes")]
    public void Largest_entry_out_of_range_or_over_the_budget_is_reported_with_what_to_raise(long budget, long most, string remedy)
    {
        var fault = Assert.Single(Faults(o => (o.Store.MemoryBudget, o.Store.MaxEntryBytes) = (budget, most)));
        Assert.StartsWith("Store.MaxEntryBytes is ", fault, StringComparison.Ordinal);
        Assert.Contains(remedy, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(16L << 20, null, 1L << 20)]
    [InlineData(100L << 20, null, 1L << 20)]
    [InlineData(128L << 20, null, 2L << 20)]
    [InlineData(1L << 40, null, 4L << 20)]
    [InlineData(1L << 30, 128L << 20, 128L << 20)]
    [InlineData(2L << 30, 256L << 20, 256L << 20)]
    [InlineData(16L << 20, 2L << 20, 2L << 20)]
    [InlineData(1L << 30, 1L << 10, 1L << 10)]
    public void Largest_entry_is_what_is_set_or_follows_from_the_budget(long budget, long? most, long expected) => Assert.Empty(Faults(o =>
    {
        o.Store.MemoryBudget = budget;
        if (most is { } set)
            o.Store.MaxEntryBytes = set;
        Assert.Equal(expected, o.Store.MaxEntryBytes);
    }));

    [Fact]
    public void Store_null_is_a_fault() =>
        Assert.StartsWith("Store ", Assert.Single(Faults(o => o.Store = null!)), StringComparison.Ordinal);

    [Fact]
    public void Spill_directory_that_is_a_file_is_a_fault() =>
        Assert.Single(Faults(o => o.Store.SpillDirectory = typeof(OptionsValidationTests).Assembly.Location));

    [Theory]
    [InlineData("auto.offset.reset", "earliest")]
    [InlineData("enable.partition.eof", "false")]
    [InlineData("enable.auto.commit", "true")]
    [InlineData("auto.commit.enable", "true")]
    [InlineData("isolation.level", "read_uncommitted")]
    [InlineData("acks", "1")]
    [InlineData("request.required.acks", "1")]
    [InlineData("enable.idempotence", "false")]
    [InlineData("message.timeout.ms", "1000")]
    [InlineData("transactional.id", "canary")]
    public void Owned_property_is_a_fault_that_names_the_option_and_the_key_but_not_the_value(string name, string value)
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal) { [name] = value };
        foreach ((var option, Action<KafkaCacheOptions<string, string>> set) in new (string, Action<KafkaCacheOptions<string, string>>)[]
        {
            ("Client", o => o.Client = new ClientConfig(properties)),
            ("Consumer", o => o.Consumer = new ConsumerConfig(properties)),
            ("Producer", o => o.Producer = new ProducerConfig(properties)),
        })
        {
            var fault = Assert.Single(Faults(set));
            Assert.StartsWith($"{option}: {name} ", fault, StringComparison.Ordinal);
            Assert.DoesNotContain("canary", fault, StringComparison.Ordinal);
        }
    }

    private static KafkaCacheOptions<string, string> Good() => new() { BootstrapServers = "localhost:9092", Topic = "users" };

    private static IReadOnlyList<string> Faults(Action<KafkaCacheOptions<string, string>> change)
    {
        KafkaCacheOptions<string, string> options = Good();
        change(options);
        return OptionsValidation.Validate(options);
    }

    public sealed class Twice
    {
        [System.Text.Json.Serialization.JsonPropertyName("same")]
        public int One { get; set; }

        [System.Text.Json.Serialization.JsonPropertyName("same")]
        public int Two { get; set; }
    }
}
