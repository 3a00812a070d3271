using System.Text;
using System.Text.Json;
using KafkaCaching.Options;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Encodings.Json;

public sealed class ValueJsonOptionsTests(EmbeddedBrokerFixture embedded)
{
    [Fact]
    public async Task Values_are_written_and_read_as_the_options_say_and_other_types_of_a_resolver_too()
    {
        var topic = embedded.CreateTopic();
        KafkaCacheOptions<string, Full> options = TestOptions.For<string, Full>(embedded.BootstrapServers, topic);
        options.ValueJsonOptions = new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
        options.Resolver = static (in CacheRecord record, ICacheUpdates<string, Full> updates) =>
            updates.Set(record.ReadKey<string>(), new Full(record.ReadValue<Given>().FirstName + "!"));
        await using var cache = KafkaCache.Create(options);
        await embedded.Kafka.ProduceAsync(topic, "k", """{"first_name":"ada"}""");

        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => cache.Get("k") == new Full("ada!"));
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        cache.TryGetBytes("k", bytes);
        Assert.Equal("""{"full_name":"ada!"}""", Encoding.UTF8.GetString(bytes.WrittenSpan));
    }

    [Fact]
    public void Options_given_stay_the_users_to_change()
    {
        var options = new JsonSerializerOptions();
        Assert.Empty(OptionsValidation.Validate(Options(o => o.ValueJsonOptions = options)));
        Assert.False(options.IsReadOnly);
        Assert.False(options.AllowOutOfOrderMetadataProperties);
        Assert.Null(options.TypeInfoResolver);
    }

    [Fact]
    public void Two_encodings_of_values_exclude_each_other()
    {
        Assert.StartsWith(
            "ValueJsonTypeInfo and ValueJsonOptions are set together",
            Assert.Single(
                OptionsValidation.Validate(
                    Options(static o => (o.ValueJsonTypeInfo, o.ValueJsonOptions) = (FullContracts.Default.Full, new())))),
            StringComparison.Ordinal);
    }

    private static KafkaCacheOptions<string, Full> Options(Action<KafkaCacheOptions<string, Full>> change)
    {
        var options = new KafkaCacheOptions<string, Full> { BootstrapServers = "localhost:9092", Topic = "t" };
        change(options);
        return options;
    }

    public sealed record Full(string FullName);

    public sealed record Given(string FirstName);
}

[System.Text.Json.Serialization.JsonSerializable(typeof(ValueJsonOptionsTests.Full))]
internal sealed partial class FullContracts : System.Text.Json.Serialization.JsonSerializerContext;
