using System.Text;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Promises;

/// <summary>Makes the broker's log cleaner remove a key completely: its values and then its tombstone.</summary>
internal static class LogCleaning
{
    /// <summary>How long a tombstone is kept after its first cleaning.</summary>
    public static readonly TimeSpan DeleteRetention = TimeSpan.FromSeconds(1);

    /// <summary>The settings of a topic that is cleaned continuously. The active segment is never cleaned, so new records must be
    /// written.</summary>
    public static readonly (string Key, string Value)[] Settings =
    [
        ("segment.ms", "100"),

        // The ratio is 0, because two cleanings are needed: one that sets the tombstone's deletion time, and one after that time. A large
        // log might otherwise never become dirty again.
        ("min.cleanable.dirty.ratio", "0"),
        ("delete.retention.ms", DeleteRetention.TotalMilliseconds.ToString("0", System.Globalization.CultureInfo.InvariantCulture)),
    ];

    /// <summary>Removes a key, and waits until the log has no record of it.</summary>
    public static async Task RemoveAndCleanAsync(TestKafka kafka, string topic, string key)
    {
        var bytes = Encoding.UTF8.GetBytes(key);
        await kafka.ProduceAsync(topic, TestRecord.Tombstone(key));
        var rolled = 0;
        await Eventually.TrueAsync(
            async () =>
            {
                // A record after segment.ms starts a new active segment, so that the previous one can be cleaned.
                await kafka.ProduceAsync(topic, "roll", $"{rolled++}");
                return (await kafka.ReadAllAsync(topic)).All(record => !record.Message.Key.AsSpan().SequenceEqual(bytes));
            },
            "the cleaner has removed the tombstone",
            TimeSpan.FromMinutes(2));
    }
}
