using System.Globalization;
using Confluent.Kafka;
using KafkaCaching.Replay.Applying;
using KafkaCaching.Store;
using KafkaCaching.Store.Faster;
using KafkaCaching.Tests.Diagnostics;

namespace KafkaCaching.Tests.Replay.Errors;

/// <summary>An exception from user code counts as an error of the record. It never ends the replay loop, and its message is never
/// logged.</summary>
public sealed class ThrowingUserCodeTests
{
    public enum Place
    {
        Resolver,
        RecordValidator,
        MutationValidator,
        KeyDeserializer,
        ValueDeserializer,
        DeserializerInResolver,
    }

    public static TheoryData<Place, string> Throws()
    {
        var data = new TheoryData<Place, string>();
        foreach (var place in Enum.GetValues<Place>())
        {
            foreach (var name in OddExceptions.ByName.Keys)
                data.Add(place, name);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Throws))]
    public void It_is_counted_under_its_place_and_the_offset_settled(Place place, string name)
    {
        foreach (var policy in Enum.GetValues<RecordErrorPolicy>())
        {
            var log = new ListLogger();
            using var cache = Cache(place, OddExceptions.ByName[name], policy, log);
            cache.Apply(Records.Of("1", "good", 0));
            var fault = Record.Exception(() => cache.Apply(Records.Of("1", "bad", 1), Records.Of("2", "good", 2)));

            Assert.Equal(new Dictionary<RecordErrorReason, long> { [ReasonAt(place)] = 1 }, cache.RecordErrorsByReason);
            Assert.Equal((1, 1), (cache.RecordErrors, log.Lines.Count));
            Assert.DoesNotContain(OddExceptions.Payload, log.Lines[0].Text, StringComparison.Ordinal);
            if (policy == RecordErrorPolicy.Fail)
            {
                AssertTellsOnlyItsPlace(fault, place);
                Assert.Equal((1L, "good"), (cache.Positions[0].Position, cache.Get(1)));
                continue;
            }

            Assert.Null(fault);
            Assert.Equal((3L, "good"), (cache.Positions[0].Position, cache.Get(2)));
            if (policy == RecordErrorPolicy.Skip)
                Assert.Equal("good", cache.Get(1));
            else
                AssertTellsOnlyItsPlace(Record.Exception(() => cache.Get(1)), place);
        }
    }

    private static void AssertTellsOnlyItsPlace(Exception? thrown, Place place)
    {
        var error = Assert.IsType<RecordErrorException>(thrown);
        Assert.Equal((0, 1L, ReasonAt(place)), (error.Partition, error.Offset, error.Reason));
        Assert.Null(error.InnerException);
        Assert.DoesNotContain(OddExceptions.Payload, error.ToString(), StringComparison.Ordinal);
        Assert.InRange(error.ToString().Length, 1, 10_000);
    }

    private static RecordErrorReason ReasonAt(Place place) => place switch
    {
        Place.Resolver => RecordErrorReason.ResolverThrew,
        Place.RecordValidator => RecordErrorReason.RecordRefused,
        Place.MutationValidator => RecordErrorReason.MutationRefused,
        Place.KeyDeserializer => RecordErrorReason.UndecodableKey,
        _ => RecordErrorReason.UndecodableValue,
    };

    private static MemoryReplay<int, string> Cache(Place place, Func<Exception> thrown, RecordErrorPolicy policy, ListLogger log)
    {
        // The key deserializer can't see the value, so it counts calls: the second call is for the bad record.
        var keys = 0;
        return new MemoryReplay<int, string>(
            o =>
            {
                o.OnRecordError = policy;
                o.Decode = DecodeMode.OnReplay;
                o.KeySerializer = new Codec<int>(
                    static key => key.ToString(CultureInfo.InvariantCulture), static text => int.Parse(text, CultureInfo.InvariantCulture));
                o.KeyDeserializer = new Codec<int>(
                    static key => key.ToString(CultureInfo.InvariantCulture),
                    text => place == Place.KeyDeserializer && ++keys == 2 ? throw thrown() : int.Parse(text, CultureInfo.InvariantCulture));
                o.ValueSerializer = new Codec<string>(static value => value, static text => text);
                o.ValueDeserializer = new Codec<string>(
                    static value => value, text => place is Place.ValueDeserializer or Place.DeserializerInResolver
                        && text == "bad" ? throw thrown() : text);
                if (place == Place.RecordValidator)
                    o.ValidateRecord = (in CacheRecord record) => record.ReadValue<string>() == "bad" ? throw thrown() : true;
                if (place == Place.MutationValidator)
                    o.ValidateMutation = (in CacheMutation<int, string> mutation) => mutation.Next == "bad" ? throw thrown() : true;
                if (place is Place.Resolver or Place.DeserializerInResolver)
                {
                    o.Resolver = (in CacheRecord record, ICacheUpdates<int, string> updates) =>
                    {
                        var value = record.ReadValue<string>();
                        updates.Set(record.ReadKey<int>(), value);
                        if (value == "bad")
                            throw thrown();
                    };
                }
            },
            static () => new FasterStateStore(new StoreSettings(16 << 20, null, 1000, "memory")),
            log);
    }

    private sealed class Codec<T>(Func<T, string> write, Func<string, T> read) : ISerializer<T>, IDeserializer<T>
    {
        public byte[] Serialize(T data, SerializationContext context) => System.Text.Encoding.UTF8.GetBytes(write(data));

        public T Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) =>
            read(System.Text.Encoding.UTF8.GetString(data));
    }
}
