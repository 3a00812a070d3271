using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.SyncOverAsync;
using Confluent.SchemaRegistry;
using Confluent.SchemaRegistry.Serdes;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.Schemas;

/// <summary>Uses Confluent's serializers and deserializers with Confluent's registry client.</summary>
public sealed class SchemaRegistryTests(EmbeddedBrokerFixture broker) : IAsyncLifetime
{
    private const string StringSchema = "\"string\"";

    private readonly string _topic = broker.CreateTopic();
    private readonly List<CachedSchemaRegistryClient> _clients = [];
    private FakeRegistry _registry = null!;

    public async ValueTask InitializeAsync() => _registry = await FakeRegistry.StartAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
            client.Dispose();
        await _registry.DisposeAsync();
    }

    [Fact]
    public async Task Avro_values_round_trip_from_one_instance_to_another()
    {
        await using var writer = await StartAsync(configure: static options => options.ReadOnly = false);
        await using var reader = await StartAsync();
        var ada = AvroUser.Of("1");

        var put = await writer.PutAsync("1", ada, PutWait.Applied, TestContext.Current.CancellationToken);
        await reader.WaitUntilAppliedAsync(put.Position, TestContext.Current.CancellationToken);

        Assert.Equal(ada, writer.Get("1"));
        Assert.Equal(ada, reader.Get("1"));
    }

    [Fact]
    public async Task JSON_values_round_trip_from_one_instance_to_another()
    {
        await using var writer = await StartJsonAsync();
        await using var reader = await StartJsonAsync();

        var put = await writer.PutAsync(
            "1", new JsonUser { Email = "ada@example.com" }, PutWait.Applied, TestContext.Current.CancellationToken);
        await reader.WaitUntilAppliedAsync(put.Position, TestContext.Current.CancellationToken);

        Assert.Equal("ada@example.com", writer.Get("1")!.Email);
        Assert.Equal("ada@example.com", reader.Get("1")!.Email);
    }

    [Fact]
    public async Task Replay_fetches_each_schema_once_and_no_Get_fetches_one()
    {
        var guid = Guid.NewGuid();
        _registry.With(AvroUser.SchemaText, "7", "8", guid.ToString());
        await ProduceAsync(
            ("a", WireFormat.WithId(7, User("a"))), ("b", WireFormat.WithId(8, User("b"))), ("c", WireFormat.WithId(7, User("c"))),
            ("d", WireFormat.WithGuid(guid, User("d"))), ("e", WireFormat.WithGuid(guid, User("e"))),
            ("f", WireFormat.WithId(8, User("f"))));

        await using var cache = await StartAsync();

        Assert.Equal(new Dictionary<string, int> { ["7"] = 1, ["8"] = 1, [guid.ToString()] = 1 }, _registry.Fetches);
        var requests = _registry.Requests;
        _registry.IsDown = true;
        Assert.Equal(["a", "b", "c", "d", "e", "f"], "abcdef".Select(key => cache.Get(key.ToString())!.Id));
        Assert.Equal(requests, _registry.Requests);
    }

    [Fact]
    public async Task Schema_that_comes_with_the_tail_is_fetched_when_its_record_is_applied()
    {
        _registry.With(AvroUser.SchemaText, "7", "8");
        await ProduceAsync(("a", WireFormat.WithId(7, User("a"))));
        await using var cache = await StartAsync();

        await ProduceAsync(("b", WireFormat.WithId(8, User("b"))));
        await cache.WaitUntilAppliedAsync(new CachePosition(0, 1), TestContext.Current.CancellationToken);

        _registry.IsDown = true;
        Assert.Equal("b", cache.Get("b")!.Id);
    }

    [Fact]
    public async Task Keys_of_a_registry_are_warm_for_Scan_and_for_Get_which_encodes_them()
    {
        _registry.With(StringSchema, "3").NextId = 3;
        await broker.Kafka.ProduceAsync(_topic, new TestRecord(WireFormat.WithId(3, [2, (byte)'1']), "ada"u8.ToArray()));
        foreach (var decode in new[] { DecodeMode.OnRead, DecodeMode.OnReplay })
        {
            _registry.IsDown = false;
            var client = Client();
            var options = TestCaches.Options<string, string>(broker.BootstrapServers, _topic);
            options.Decode = decode;
            options.KeySerializer = new AvroSerializer<string>(client).AsSyncOverAsync();
            options.KeyDeserializer = new AvroDeserializer<string>(client).AsSyncOverAsync();
            await using var cache = KafkaCache.Create(options);
            await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);

            _registry.IsDown = true;
            Assert.Equal("ada", cache.Get("1"));
            Assert.Equal("1", Assert.Single(cache.Scan()).Key);
        }
    }

    [Fact]
    public async Task What_a_resolver_yields_is_warm_too()
    {
        await broker.Kafka.ProduceAsync(_topic, "a", "ada");
        await using var cache = await StartAsync(configure: static options => options.Resolver = static (in record, updates) =>
        {
            var id = Encoding.UTF8.GetString(record.ValueBytes);
            updates.Set(id, AvroUser.Of(id));
        });

        _registry.IsDown = true;
        Assert.Equal("ada@example.com", cache.Get("ada")!.Email);
    }

    [Fact]
    public async Task Schema_that_the_registry_does_not_know_is_reported_at_Get_and_not_before()
    {
        _registry.With(AvroUser.SchemaText, "7");
        await ProduceAsync(
            ("a", WireFormat.WithId(7, User("a"))), ("x", WireFormat.WithId(404, User("x"))), ("y", WireFormat.WithId(404, User("y"))));

        await using var cache = await StartAsync();

        Assert.Equal(1, _registry.Fetches["404"]);
        Assert.Equal(0, cache.Status.RecordErrors);
        Assert.Equal("a", cache.Get("a")!.Id);
        Assert.Equal(RecordErrorReason.UndecodableValue, Assert.Throws<RecordErrorException>(() => cache.Get("x")).Reason);
        _registry.With(AvroUser.SchemaText, "404");
        Assert.Equal("y", cache.Get("y")!.Id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Serializer_that_puts_the_schema_into_a_header_is_refused_and_nothing_is_sent(bool ofKey)
    {
        var options = TestCaches.Options<string, string>(broker.BootstrapServers, _topic);
        options.ReadOnly = false;
        var serializer = new AvroSerializer<string>(
            Client(), new AvroSerializerConfig { SchemaIdStrategy = SchemaIdSerializerStrategy.Header }).AsSyncOverAsync();
        options.KeySerializer = ofKey ? serializer : null;
        options.ValueSerializer = ofKey ? null : serializer;
        await using var cache = KafkaCache.Create(options);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);

        var refused = Assert.Throws<PutException>(() => cache.Put("canary", "canary"));
        var refusedLater = await Assert.ThrowsAsync<PutException>(
            () => cache.PutAsync("canary", "canary", cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal((PutOutcome.NotCommitted, PutOutcome.NotCommitted), (refused.Outcome, refusedLater.Outcome));
        Assert.Contains(ofKey ? "KeySerializer" : "ValueSerializer", refused.InnerException!.Message, StringComparison.Ordinal);
        Assert.Contains(
            ofKey ? "header __key_schema_id" : "header __value_schema_id", refused.InnerException.Message, StringComparison.Ordinal);
        Assert.Contains("SchemaIdSerializerStrategy.Prefix", refused.InnerException.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", refused.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await broker.Kafka.EndOffsetAsync(_topic, 0));
    }

    [Theory]
    [InlineData(DecodeMode.OnRead)]
    [InlineData(DecodeMode.OnReplay)]
    public async Task Record_with_its_schema_in_a_header_faults_the_cache_and_says_why(DecodeMode decode)
    {
        await broker.Kafka.ProduceAsync(_topic, WithSchemaInHeader("a"));
        await using var cache = Start(options => options.Decode = decode);

        var faulted = await Assert.ThrowsAsync<CacheFaultedException>(
            () => cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken));

        var error = Assert.IsType<RecordErrorException>(faulted.InnerException);
        Assert.Equal((0, 0L, RecordErrorReason.UndecodableValue), (error.Partition, error.Offset, error.Reason));
        Assert.Contains("header __value_schema_id", error.Message, StringComparison.Ordinal);
        Assert.Contains("SchemaIdSerializerStrategy.Prefix", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DecodeMode.OnRead)]
    [InlineData(DecodeMode.OnReplay)]
    public async Task Key_with_its_schema_in_a_header_faults_the_cache_and_says_why(DecodeMode decode)
    {
        await broker.Kafka.ProduceAsync(
            _topic, TestRecord.Of("canary", "1") with { Headers = [new Header("__key_schema_id", WireFormat.Prefix(Guid.NewGuid()))] });
        await using var cache = KafkaCache.Create(TestCaches.Options<string, string>(broker.BootstrapServers, _topic, options =>
        {
            options.Decode = decode;
            options.KeyDeserializer = new AvroDeserializer<string>(Client()).AsSyncOverAsync();
        }));

        var faulted = await Assert.ThrowsAsync<CacheFaultedException>(
            () => cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken));

        var error = Assert.IsType<RecordErrorException>(faulted.InnerException);
        Assert.Equal(RecordErrorReason.UndecodableKey, error.Reason);
        Assert.Contains("header __key_schema_id", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", faulted.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_with_its_schema_in_a_header_is_found_behind_others_that_merely_cannot_be_decoded()
    {
        await ProduceAsync(("x", User("x")), ("y", User("y")));
        await broker.Kafka.ProduceAsync(_topic, WithSchemaInHeader("a"));
        await using var cache = Start();

        var faulted = await Assert.ThrowsAsync<CacheFaultedException>(
            () => cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken));

        Assert.Equal(2, Assert.IsType<RecordErrorException>(faulted.InnerException).Offset);
    }

    [Fact]
    public async Task Record_with_its_schema_in_a_header_goes_by_the_policy_where_there_is_one()
    {
        _registry.With(AvroUser.SchemaText, "7");
        await broker.Kafka.ProduceAsync(_topic, WithSchemaInHeader("a"));
        await ProduceAsync(("b", WireFormat.WithId(7, User("b"))));
        await using var cache = await StartAsync(configure: static options => options.OnRecordError = RecordErrorPolicy.Skip);

        Assert.Equal(1, cache.Status.RecordErrors);
        Assert.Null(cache.Get("a"));
        Assert.Equal("b", cache.Get("b")!.Id);
    }

    [Theory]
    [InlineData(DecodeMode.OnRead)]
    [InlineData(DecodeMode.OnReplay)]
    public async Task Schema_header_is_no_matter_to_a_deserializer_that_does_without_it(DecodeMode decode)
    {
        await broker.Kafka.ProduceAsync(_topic, WithSchemaInHeader("a"));
        await using var cache = await StartAsync(configure: options =>
        {
            options.Decode = decode;
            options.ValueDeserializer = new Plain();
        });

        Assert.Equal("a", cache.Get("a")!.Id);
    }

    private static byte[] User(string id) => AvroUser.Of(id).Content();

    private static TestRecord WithSchemaInHeader(string key) =>
        new(Encoding.UTF8.GetBytes(key), User(key)) { Headers = [new Header("__value_schema_id", WireFormat.Prefix(Guid.NewGuid()))] };

    private async Task ProduceAsync(params (string Key, byte[] Value)[] records) =>
        await broker.Kafka.ProduceAsync(
            _topic, records.Select(static record => new TestRecord(Encoding.UTF8.GetBytes(record.Key), record.Value)));

    private KafkaCache<string, AvroUser> Start(Action<KafkaCacheOptions<string, AvroUser>>? configure = null)
    {
        var client = Client();
        return KafkaCache.Create(TestCaches.Options<string, AvroUser>(broker.BootstrapServers, _topic, options =>
        {
            options.ValueSerializer = new AvroSerializer<AvroUser>(client).AsSyncOverAsync();
            options.ValueDeserializer = new AvroDeserializer<AvroUser>(client).AsSyncOverAsync();
            configure?.Invoke(options);
        }));
    }

    private async Task<KafkaCache<string, AvroUser>> StartAsync(Action<KafkaCacheOptions<string, AvroUser>>? configure = null)
    {
        var cache = Start(configure);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        return cache;
    }

    private async Task<KafkaCache<string, JsonUser>> StartJsonAsync()
    {
        var client = Client();
        var options = TestCaches.Options<string, JsonUser>(broker.BootstrapServers, _topic);
        options.ReadOnly = false;
        options.ValueSerializer = new JsonSerializer<JsonUser>(client).AsSyncOverAsync();
        options.ValueDeserializer = new JsonDeserializer<JsonUser>(client).AsSyncOverAsync();
        var cache = KafkaCache.Create(options);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        return cache;
    }

    private CachedSchemaRegistryClient Client()
    {
        var client = _registry.Client();
        _clients.Add(client);
        return client;
    }

    private sealed class JsonUser
    {
        public string Email { get; set; } = "";
    }

    private sealed class Plain : IDeserializer<AvroUser>
    {
        public AvroUser Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) => AvroUser.Of("a");
    }
}
