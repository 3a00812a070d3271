using System.Text;
using Confluent.Kafka;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Replay;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Tests.Diagnostics;

/// <summary>Keys, values, headers and secrets contain a unique word, which must not appear in logs, metrics, traces or
/// exceptions.</summary>
[Collection(HeardSpans.Listening)]
public sealed class CanaryTests : IDisposable
{
    private const string Canary = "c4n4ry";

    private readonly EmbeddedBroker _broker = EmbeddedBroker.Start();
    private readonly EverythingSaid _said = new();
    private readonly TestKafka _kafka;

    public CanaryTests() => _kafka = new TestKafka(_broker.BootstrapServers);

    public sealed record Thing(int Size, string Text);

    public void Dispose()
    {
        _kafka.Dispose();
        _broker.Dispose();
        _said.Dispose();
    }

    [Theory]
    [InlineData(RecordErrorPolicy.Fail, false, "bad")]
    [InlineData(RecordErrorPolicy.Fail, false, "thrown")]
    [InlineData(RecordErrorPolicy.Fail, true, "14")]
    [InlineData(RecordErrorPolicy.Skip, false, "bad")]
    [InlineData(RecordErrorPolicy.Quarantine, true, "bad")]
    public async Task Whole_life_of_a_cache_says_nothing_of_what_it_holds_nor_of_its_secrets(
        RecordErrorPolicy policy, bool resolves, string firstBad)
    {
        _broker.CreateTopic("life");
        await ProduceAsync(Good(0));
        var cache = KafkaCache.Create(Options(policy, resolves), _said);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        await PutAsync(cache);
        await ReadAsync(cache);

        await MeetBadRecordsAsync(cache, policy, firstBad);
        await ReadAsync(cache);

        if (policy != RecordErrorPolicy.Fail)
        {
            _broker.DeleteTopic("life");
            _broker.CreateTopic("life");
            using var after = new TestKafka(_broker.BootstrapServers);
            await after.ProduceAsync("life", Good(0), Good(1));
            await Eventually.TrueAsync(
                () => _said.LogLines.Count(static line => line.Contains("is ready: generation", StringComparison.Ordinal)) >= 2);
            await ReadAsync(cache);
        }

        _broker.SetBrokerDown();
        await _said.HearAsync("a put to no broker", () => cache.PutAsync($"{Canary} k", new Thing(1, Canary)));
        await Eventually.TrueAsync(() => policy == RecordErrorPolicy.Fail || cache.Status.Phase == CachePhase.Stale);
        await ReadAsync(cache);
        await cache.DisposeAsync();
        await PutAsync(cache);
        await ReadAsync(cache);

        // Checks that the listener works: the expected output was recorded.
        Assert.Contains(_said.All, static said => said is { Where: "metric", What: "cache=life of a cache" });
        Assert.Contains(_said.LogLines, static line => line.Contains("sasl.password = [redacted]", StringComparison.Ordinal));
        Assert.Contains(_said.LogLines, static line => line.Contains("can't be used", StringComparison.Ordinal));
        AssertNothingWasSaid();
    }

    // An exception of the application's code during a put is the inner exception of the PutException. It is not logged.
    [Fact]
    public async Task What_ValidatePut_and_serializers_throw_is_inside_the_exception_and_in_no_line()
    {
        _broker.CreateTopic("life");
        var options = Options(RecordErrorPolicy.Skip, resolves: false);
        var thrown = new InvalidOperationException($"{Canary} is no good");
        options.ValidatePut = (_, value) => value.Size >= 0 ? true : throw thrown;
        options.ValueSerializer = new Throwing<Thing>(thrown);
        options.ValueDeserializer = new Throwing<Thing>(thrown);
        await using var cache = KafkaCache.Create(options, _said);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        foreach (var size in new[] { -1, 1 })
        {
            var refused = await Assert.ThrowsAsync<PutException>(
                () => cache.PutAsync(Canary, new Thing(size, Canary), cancellationToken: TestContext.Current.CancellationToken));
            Assert.Same(thrown, refused.InnerException);
            _said.Hear("message", refused.Message);
        }

        AssertNothingWasSaid();
    }

    public static TheoryData<string, string> WrongSettings => new()
    {
        { "sasl.pasword", Canary },
        { "security.protocol", Canary },
        { "socket.timeout.ms", Canary },
        { "debug", Canary },
        { "isolation.level", Canary },
        { "acks", Canary },
        { "bootstrap.servers", $"user:{Canary}@localhost:9092" },
        { "bootstrap.servers", $"SASL_SSL://{Canary}@localhost:9092" },
        { "bootstrap.servers", $"user:{Canary},too@localhost:9092" },
        { "bootstrap.servers", $"localhost:9092,user:{Canary}@" },
    };

    [Theory]
    [MemberData(nameof(WrongSettings))]
    public void Options_that_are_wrong_are_refused_without_their_values(string name, string value)
    {
        var options = TestOptions.For<string, Thing>("", "life");
        options.BootstrapServers = name == "bootstrap.servers" ? value : "localhost:9092";
        options.Client = new ClientConfig();
        if (name != "bootstrap.servers")
            options.Client.Set(name, value);
        var refused = Assert.Throws<OptionsValidationException>(() => KafkaCache.Create(options, _said));
        Assert.NotEmpty(refused.Failures);
        _said.Hear("exception", refused.ToString());
        AssertNothingWasSaid();
    }

    public static TheoryData<string> BadSecrets =>
        ["SASL/PLAIN", "SASL/SCRAM", "OAUTHBEARER", "key in PEM", "certificate in PEM", "password of a key", "password of a keystore"];

    [Theory]
    [MemberData(nameof(BadSecrets))]
    public async Task A_wrong_secret_is_not_quoted(string kind)
    {
        _broker.CreateTopic("life");
        var options = Options(RecordErrorPolicy.Fail, resolves: false);
        options.ReadyTimeout = TimeSpan.FromSeconds(1);
        options.Client = Client(kind);
        options.Client.Debug = "all";
        var why = kind.StartsWith("SASL", StringComparison.Ordinal) || kind == "OAUTHBEARER" ? await UseAsync(options) : Refused(options);
        TestContext.Current.TestOutputHelper?.WriteLine(why.Message);
        AssertNothingWasSaid();
    }

    // An unknown configuration key is refused when the cache is created.
    private OptionsValidationException Refused(KafkaCacheOptions<string, Thing> options)
    {
        var refused = Assert.Throws<OptionsValidationException>(() => KafkaCache.Create(options, _said));
        _said.Hear("exception", refused.ToString());
        return refused;
    }

    private async Task<Exception> UseAsync(KafkaCacheOptions<string, Thing> options)
    {
        var cache = KafkaCache.Create(options, _said);
        var why = await _said.HearAsync("the wait for ready", () => cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken));
        Assert.NotNull(why);
        await _said.HearAsync("a put", () => cache.PutAsync("k", new Thing(1, "")));
        _said.Hear(cache.Status);
        await cache.DisposeAsync();
        return why;
    }

    private static ClientConfig Client(string kind)
    {
        const string Pem = $"-----BEGIN PRIVATE KEY-----\n{Canary}{Canary}\n-----END PRIVATE KEY-----\n";
        return kind switch
        {
            "SASL/PLAIN" => new()
            {
                SecurityProtocol = SecurityProtocol.SaslPlaintext, SaslMechanism = SaslMechanism.Plain, SaslUsername = "u",
                SaslPassword = Canary,
            },
            "SASL/SCRAM" => new()
            {
                SecurityProtocol = SecurityProtocol.SaslPlaintext, SaslMechanism = SaslMechanism.ScramSha256, SaslUsername = "u",
                SaslPassword = Canary,
            },
            "OAUTHBEARER" => new()
            {
                SecurityProtocol =
                    SecurityProtocol.SaslPlaintext, SaslMechanism = SaslMechanism.OAuthBearer, EnableSaslOauthbearerUnsecureJwt = true,
                SaslOauthbearerConfig = $"principal=u {Canary}={Canary}",
            },
            "key in PEM" => new() { SecurityProtocol = SecurityProtocol.Ssl, SslKeyPem = Pem },
            "certificate in PEM" => new() { SecurityProtocol = SecurityProtocol.Ssl, SslCertificatePem = Pem },
            "password of a key" => new()
            {
                SecurityProtocol = SecurityProtocol.Ssl, SslKeyLocation = typeof(CanaryTests).Assembly.Location, SslKeyPassword = Canary,
            },
            _ => new()
            {
                SecurityProtocol = SecurityProtocol.Ssl, SslKeystoreLocation = typeof(CanaryTests).Assembly.Location,
                SslKeystorePassword = Canary,
            },
        };
    }

    private static TestRecord Good(int number) => TestRecord.Of($"{Canary} {number}", $$"""{"size":{{number}},"text":"{{Canary}}"}""") with
    {
        Headers = new Headers { { "trace", [.. "c4n4ry"u8] }, { "c4n4ry", [] } },
    };

    private KafkaCacheOptions<string, Thing> Options(RecordErrorPolicy policy, bool resolves)
    {
        var options = TestOptions.For<string, Thing>(_broker.BootstrapServers, "life");
        options.Name = "life of a cache";
        options.OnRecordError = policy;
        options.StaleAfter = TimeSpan.FromSeconds(1);
        options.PutTimeout = TimeSpan.FromSeconds(1);
        options.ApplyTimeout = TimeSpan.FromMilliseconds(300);
        options.ValidatePut = static (_, value) => value.Size != 66;
        options.ValidateRecord = static (in CacheRecord record) =>
        {
            if (record.KeyBytes.EndsWith("thrown"u8))
                throw new InvalidOperationException(Canary, new FormatException(Canary));
            return !record.KeyBytes.EndsWith("refused"u8);
        };
        options.ValidateMutation = static (in CacheMutation<string, Thing> mutation) =>
            mutation.Next?.Size == 13 ? throw new KafkaException(new Error(ErrorCode.Local_Fail, Canary)) : true;
        options.Client = new ClientConfig
        {
            SaslUsername = "user", SaslPassword = Canary, SslKeyPassword = Canary, SslKeystorePassword = Canary, Debug = "all",
        };
        if (resolves)
        {
            options.Resolver = static (in CacheRecord record, ICacheUpdates<string, Thing> updates) =>
            {
                record.TryGetHeader("trace", out _);
                var thing = record.ReadValue<Thing>();
                updates.Set(
                    record.ReadKey<string>(),
                    thing.Size == 14 ? throw new AggregateException(Canary, new InvalidOperationException(Canary)) : thing);
            };
        }

        return options;
    }

    private async Task PutAsync(KafkaCache<string, Thing> cache)
    {
        await _said.HearAsync("a good put", () => cache.PutAsync($"{Canary} put", new Thing(1, Canary), PutWait.Applied));
        await _said.HearAsync("a refused put", () => cache.PutAsync($"{Canary} put", new Thing(66, Canary)));
        await _said.HearAsync(
            "a put too large", () => cache.PutAsync($"{Canary} put", new Thing(1, string.Concat(Enumerable.Repeat(Canary, 1_000_000)))));
        await _said.HearAsync("a put of what has no UTF-8", () => cache.PutAsync($"{Canary} \ud800", new Thing(1, Canary)));
        await _said.HearAsync("a put of nothing", () => cache.PutAsync($"{Canary} put", null!));
        await _said.HearAsync("a removal", () => cache.RemoveAsync($"{Canary} put", PutWait.Applied));
        await _said.HearAsync("many puts", async () =>
        {
            foreach (
                var attempt in await cache.PutManyAsync(
                    [new($"{Canary} 1", new Thing(1, Canary)), new($"{Canary} 2", new Thing(66, Canary)), new($"{Canary} 3", null!)]))
                _said.Hear("attempt", $"{attempt} {attempt.Error}");
        });
    }

    private async Task ReadAsync(KafkaCache<string, Thing> cache)
    {
        string[] keys = ["", " 0", " 1", " put", " refused", " thrown", " bad", " 13", " 14", " \ud800"];
        foreach (var key in keys)
            await _said.HearAsync("a read", () => Task.Run(() => cache.Get(Canary + key)));
        await _said.HearAsync("a scan", () => Task.Run(() => cache.Scan().Count()));
        await _said.HearAsync(
            "a wait", () => cache.WaitUntilAppliedAsync(new CachePosition(0, 1_000_000), TestContext.Current.CancellationToken));
        _said.Hear(cache.Status);
    }

    private async Task MeetBadRecordsAsync(KafkaCache<string, Thing> cache, RecordErrorPolicy policy, string first)
    {
        TestRecord[] bad =
        [
            TestRecord.Of($"{Canary} bad", $"{Canary} is no JSON"),
            TestRecord.Of($"{Canary} bad", $$"""{"{{Canary}}":{{Canary}}"""),
            TestRecord.Of($"{Canary} bad", $$"""{"size":"{{Canary}}"}"""),
            TestRecord.Of(null, Canary),
            new([.. "c4n4ry"u8, 0xFF], [.. "c4n4ry"u8]),
            TestRecord.Of($"{Canary} refused", $$"""{"size":1,"text":"{{Canary}}"}"""),
            TestRecord.Of($"{Canary} thrown", $$"""{"size":1,"text":"{{Canary}}"}"""),
            TestRecord.Of($"{Canary} 13", $$"""{"size":13,"text":"{{Canary}}"}"""),
            TestRecord.Of($"{Canary} 14", $$"""{"size":14,"text":"{{Canary}}"}"""),
        ];
        var keyOfFirst = Encoding.UTF8.GetBytes($"{Canary} {first}");
        await ProduceAsync([.. bad.SkipWhile(record => !keyOfFirst.AsSpan().SequenceEqual(record.Key)), .. bad]);
        await ProduceAsync(Good(2));
        if (policy == RecordErrorPolicy.Fail)
            await Eventually.TrueAsync(() => cache.Status.Phase == CachePhase.Faulted);
        else
            await Eventually.TrueAsync(() => cache.Status.RecordErrors >= bad.Length && cache.Status.Partitions[0].Lag == 0);
    }

    private async Task ProduceAsync(params TestRecord[] records) => await _kafka.ProduceAsync("life", records);

    private void AssertNothingWasSaid() =>
        Assert.Empty(
            _said.All.Where(static said => said.What.Contains(Canary, StringComparison.OrdinalIgnoreCase))
                .Select(static said => $"{said.Where}: {said.What}")
                .Distinct(StringComparer.Ordinal));

    private sealed class Throwing<T>(Exception exception) : ISerializer<T>, IDeserializer<T>
    {
        public byte[] Serialize(T data, SerializationContext context) => throw exception;

        public T Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) => throw exception;
    }
}
