using System.Text;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Promises;

/// <summary>Makes the broker's log cleaner remove a key altogether: its values and then its tombstone.</summary>
internal static class LogCleaning
{
    /// <summary>How long a tombstone stays after the cleaner has first come by.</summary>
    public static readonly TimeSpan DeleteRetention = TimeSpan.FromSeconds(1);

    /// <summary>A topic's settings under which the cleaner comes by all the time. It leaves the active segment alone, so records must go on
    /// coming.</summary>
    public static readonly (string Key, string Value)[] Settings =
    [
        ("segment.ms", "100"),

        // It must come twice: once to set the tombstone's time, once more when that is out. A share of a large log would never be dirty
        // again.
        ("min.cleanable.dirty.ratio", "0"),
        ("delete.retention.ms", DeleteRetention.TotalMilliseconds.ToString("0", System.Globalization.CultureInfo.InvariantCulture)),
    ];

    /// <summary>Removes a key and waits until a reader from the log start meets no record of it.</summary>
    public static async Task RemoveAndCleanAsync(TestKafka kafka, string topic, string key)
    {
        var bytes = Encoding.UTF8.GetBytes(key);
        await kafka.ProduceAsync(topic, TestRecord.Tombstone(key));
        var rolled = 0;
        await Eventually.TrueAsync(
            async () =>
            {
                // A record that is late for the active segment begins another, and leaves that one to the cleaner.
                await kafka.ProduceAsync(topic, "roll", $"{rolled++}");
                return (await kafka.ReadAllAsync(topic)).All(record => !record.Message.Key.AsSpan().SequenceEqual(bytes));
            },
            "the cleaner has removed the tombstone",
            TimeSpan.FromMinutes(2));
    }
}
