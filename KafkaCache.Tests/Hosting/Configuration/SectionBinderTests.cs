using Confluent.Kafka;
using KafkaCaching.Hosting.Configuration;
using KafkaCaching.Options;
using KafkaCaching.Store.Spill;
using Microsoft.Extensions.Configuration;

namespace KafkaCaching.Tests.Hosting.Configuration;

public sealed class SectionBinderTests
{
    [Fact]
    public void Every_option_that_text_can_express_is_set()
    {
        var (options, faults) = Bind("""
            {
              "BootstrapServers": "kafka:9093", "topic": "users", "Name": "people", "ReadOnly": "false",
              "Decode": "onreplay", "ReuseInstances": true, "OnRecordError": "Quarantine",
              "ReadBeforeReady": true, "ReadWhenStale": false, "ReadWhenFaulted": true,
              "ReadyTimeout": "Infinite", "StaleAfter": "00:01:00", "PutTimeout": "00:00:05.5", "ApplyTimeout": "1.00:00:00",
              "Store": { "MemoryBudget": 268435456, "MaxEntryBytes": "8 MiB", "SpillDirectory": "/var/cache/users" },
              "Client": { "SecurityProtocol": "SaslSsl", "SaslMechanism": "ScramSha512", "SaslUsername": "ada",
                "SaslPassword": "a=b;c", "SocketTimeoutMs": 5000 },
              "Consumer": { "FetchWaitMaxMs": 10 },
              "Producer": { "LingerMs": 0.5, "CompressionType": "zstd" }
            }
            """);
        Assert.Empty(faults);
        Assert.Equal(("kafka:9093", "users", "people", false), (options.BootstrapServers, options.Topic, options.Name, options.ReadOnly));
        Assert.Equal(
            (DecodeMode.OnReplay, true, RecordErrorPolicy.Quarantine), (options.Decode, options.ReuseInstances, options.OnRecordError));
        Assert.Equal((true, false, true), (options.ReadBeforeReady, options.ReadWhenStale, options.ReadWhenFaulted));
        Assert.Equal((Timeout.InfiniteTimeSpan, TimeSpan.FromMinutes(1)), (options.ReadyTimeout, options.StaleAfter));
        Assert.Equal((TimeSpan.FromSeconds(5.5), TimeSpan.FromDays(1)), (options.PutTimeout, options.ApplyTimeout));
        Assert.Equal(
            (256L << 20, 8L << 20, "/var/cache/users"),
            (options.Store.MemoryBudget, options.Store.MaxEntryBytes, options.Store.SpillDirectory));
        Assert.Equal(
            (SecurityProtocol.SaslSsl, SaslMechanism.ScramSha512, "ada", "a=b;c", 5000),
            (
                options.Client!.SecurityProtocol, options.Client.SaslMechanism, options.Client.SaslUsername, options.Client.SaslPassword,
                options.Client.SocketTimeoutMs));
        Assert.Equal(10, options.Consumer!.FetchWaitMaxMs);
        Assert.Equal((0.5, CompressionType.Zstd), (options.Producer!.LingerMs, options.Producer.CompressionType));
        Assert.Empty(OptionsValidation.Validate(options));
    }

    [Fact]
    public void Kafkas_own_names_and_spellings_are_taken_where_the_settings_are_Kafkas()
    {
        var (options, faults) = Bind("""
            {
              "BootstrapServers": "kafka:9093", "Topic": "users",
              "Client": { "security.protocol": "SASL_SSL", "sasl.mechanism": "SCRAM-SHA-512", "SaslUsername": "ada" },
              "Consumer": { "SecurityProtocol": "SASL_PLAINTEXT", "SaslMechanism": "SCRAM-SHA-256" }
            }
            """);
        Assert.Empty(faults);
        Assert.Equal(
            ("SASL_SSL", "SCRAM-SHA-512", "ada"),
            (options.Client!.Get("security.protocol"), options.Client.Get("sasl.mechanism"), options.Client.SaslUsername));
        Assert.Empty(OptionsValidation.Validate(options));
        Assert.Equal(
            (SecurityProtocol.SaslPlaintext, SaslMechanism.ScramSha256),
            (options.Consumer!.SecurityProtocol, options.Consumer.SaslMechanism));
    }

    [Fact]
    public void A_name_of_Kafkas_that_Kafka_does_not_know_is_found_by_asking_the_client()
    {
        var (options, faults) = Bind("""{ "BootstrapServers": "kafka:9092", "Topic": "users", "Client": { "sasl.mecanism": "PLAIN" } }""");
        Assert.Empty(faults);
        Assert.StartsWith(
            "Client: 'sasl.mecanism' is not a setting", Assert.Single(OptionsValidation.Validate(options)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "Client": { "SaslMechanism": "Plain", "sasl.mechanism": "PLAIN" } }""")]
    [InlineData("""{ "Client": { "sasl.mechanisms": "PLAIN", "sasl.mechanism": "PLAIN" } }""")]
    public void A_setting_under_two_names_is_a_fault(string json) =>
        Assert.EndsWith(
            " is set twice in its section, under two names. Remove one of them.", Assert.Single(Bind(json).Faults),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("""{ "Topik": "x" }""", "a:Topik is not an option; did you mean Topic? Correct its name, or remove it.")]
    [InlineData("""{ "ReadOnyl": true }""", "a:ReadOnyl is not an option; did you mean ReadOnly? Correct its name, or remove it.")]
    [InlineData("""{ "Favourite": true }""", "a:Favourite is not an option. Correct its name, or remove it.")]
    [InlineData("""{ "MemoryBudget": 1 }""", "a:MemoryBudget is not an option; did you mean Store:MemoryBudget? Correct its name, or "
        + "remove it.")]
    [InlineData("""{ "SaslMechanism": "Plain" }""", "a:SaslMechanism is not an option; did you mean Client:SaslMechanism? Correct its "
        + "name, or remove it.")]
    [InlineData("""{ "sasl.mechanism": "PLAIN" }""", "a:sasl.mechanism is not an option; did you mean Client:sasl.mechanism? Correct its "
        + "name, or remove it.")]
    [InlineData("""{ "Client": { "SaslMechanizm": "Plain" } }""", "a:Client:SaslMechanizm is not an option; did you mean SaslMechanism? "
        + "Correct its name, or remove it.")]
    [InlineData("""{ "Consumer": { "FetchWaitMs": 1 } }""", "a:Consumer:FetchWaitMs is not an option; did you mean FetchWaitMaxMs? "
        + "Correct its name, or remove it.")]
    [InlineData("""{ "Store": { "store.budget": 1 } }""", "a:Store:store.budget is not an option. Correct its name, or remove it.")]
    [InlineData("""{ "Resolver": "mine" }""", "a:Resolver can't be set by configuration. Remove it, and set Resolver in code, in the "
        + "action that is passed with the section.")]
    [InlineData("""{ "KeySerializer": "Utf8" }""", "a:KeySerializer can't be set by configuration. Remove it, and set KeySerializer in "
        + "code, in the action that is passed with the section.")]
    [InlineData("""{ "BootstrapServers": ["a:1", "b:1"] }""", "a:BootstrapServers is a section or a list, but should be one value.")]
    [InlineData("""{ "Client": { "sasl.mechanism": ["PLAIN"] } }""", "a:Client:sasl.mechanism is a section or a list, but should be one "
        + "value.")]
    [InlineData("""{ "Client": "sasl" }""", "a:Client is a value, but should be a section with settings of its own.")]
    [InlineData("""{ "ReadOnly": null }""", "a:ReadOnly is null. Give it a value, or remove it to use the default.")]
    [InlineData("""{ "ReadOnly": "yes" }""", "a:ReadOnly is not true or false.")]
    [InlineData("""{ "Decode": 1 }""", "a:Decode is not one of OnRead, OnReplay.")]
    [InlineData("""{ "StaleAfter": 30 }""", "a:StaleAfter is not a time. Write hours:minutes:seconds, as in 00:00:30, with days before a "
        + "dot, as in 2.00:00:00, or Infinite.")]
    // .NET would parse these as 48 days and 1 day.
    [InlineData("""{ "TimeToLive": "48:00:00" }""", "a:TimeToLive is not a time. Write hours:minutes:seconds, as in 00:00:30, with days "
        + "before a dot, as in 2.00:00:00, or Infinite.")]
    [InlineData("""{ "TimeToLive": "1:00:00:00" }""", "a:TimeToLive is not a time. Write hours:minutes:seconds, as in 00:00:30, with days "
        + "before a dot, as in 2.00:00:00, or Infinite.")]
    [InlineData("""{ "Store": { "MemoryBudget": "1 gig" } }""", "a:Store:MemoryBudget is not a size in bytes, or is too large. Write "
        + "digits only, or digits followed by B, KiB, MiB, GiB, TiB, kB, MB, GB or TB, as in 512 MiB.")]
    [InlineData("""{ "Client": { "SocketTimeoutMs": "99999999999" } }""", "a:Client:SocketTimeoutMs is not a whole number, or is too "
        + "large. Write digits only, without a unit.")]
    [InlineData("""{ "Producer": { "LingerMs": "soon" } }""", "a:Producer:LingerMs is not a number. Write digits only, without a unit.")]
    public void Unknown_options_and_unreadable_values_are_reported_with_their_path_and_what_to_change(string json, string fault) =>
        Assert.Equal(fault, Assert.Single(Bind(json).Faults));

    [Fact]
    public void Values_are_never_quoted()
    {
        var (_, faults) = Bind("""
            { "ReadOnly": "canary", "Decode": "canary", "StaleAfter": "canary", "Favourite": "canary", "Resolver": "canary",
              "Client": { "SaslMechanism": "canary", "SocketTimeoutMs": "canary", "SaslPasword": "canary" },
              "Consumer": "canary", "Store": { "MemoryBudget": "canary" } }
            """);
        Assert.Equal(10, faults.Count);
        Assert.All(faults, static fault => Assert.DoesNotContain("canary", fault, StringComparison.Ordinal));
    }

    [Fact]
    public void Any_value_of_any_option_is_applied_or_reported_and_never_throws()
    {
        const string canary = "c4n4ry";
        string?[] values = [
            "", " ", "0", "-1", "1.5", "true", "1e400", "NaN", "∞", "99999999999999999999", "-00:00:01", "10675199.00:00:00", "\0", canary,
            null,
        ];
        Type[] sections = [
            typeof(KafkaCacheOptions<string, string>), typeof(StoreOptions), typeof(ClientConfig), typeof(ConsumerConfig),
            typeof(ProducerConfig),
        ];
        string[] prefixes = ["", "Store:", "Client:", "Consumer:", "Producer:"];
        var tried = 0;
        foreach (var (section, prefix) in sections.Zip(prefixes))
        {
            foreach (var name in section.GetProperties().Select(static property => property.Name).Append("sasl.password").Append("a.b"))
            {
                foreach (var value in values)
                {
                    var configuration = new ConfigurationBuilder().AddInMemoryCollection([new($"a:{prefix}{name}", value)]).Build();
                    var options = new KafkaCacheOptions<string, string>();
                    var faults = SectionBinder.Bind(configuration.GetSection("a"), options).Concat(OptionsValidation.Validate(options));
                    // Bootstrap servers are not secret.
                    Assert.DoesNotContain(
                        faults,
                        static fault =>
                            fault.Contains(canary, StringComparison.Ordinal)
                                && !fault.Contains("BootstrapServers", StringComparison.Ordinal));
                    tried++;
                }
            }
        }

        Assert.True(tried > 3000, $"{tried}");
    }

    [Fact]
    public void Null_takes_back_where_there_may_be_nothing_and_empty_sections_are_none()
    {
        var (options, faults) = Bind(
            """
            {
              "Name": null, "ReuseInstances": null, "Client": {}, "Consumer": { "FetchWaitMaxMs": null, "sasl.mechanism": null },
              "Store": { "SpillDirectory": null }
            }
            """);
        Assert.Empty(faults);
        Assert.Null(options.Name);
        Assert.Empty(options.Consumer!);
    }

    private static (KafkaCacheOptions<string, string> Options, IReadOnlyList<string> Faults) Bind(string json)
    {
        var options = new KafkaCacheOptions<string, string>();
        return (options, SectionBinder.Bind(TestHosts.Json($$"""{"a":{{json}}}""").GetSection("a"), options));
    }
}
