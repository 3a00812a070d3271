using System.Globalization;
using KafkaCaching.Replay.Sources;

namespace KafkaCaching.Replay.Errors;

/// <summary>Creates the exceptions for records that can't be used.</summary>
internal static class RecordErrors
{
    public static RecordErrorException At(in SourceRecord record, RecordErrorReason reason, string what) =>
        At(record.Partition, record.Offset, reason, what);

    public static RecordErrorException At(int partition, long offset, RecordErrorReason reason, string what) =>
        new(
            string.Create(
                CultureInfo.InvariantCulture, $"The record at partition {partition}, offset {offset} can't be used ({reason}). {what}"),
            partition, offset, reason) { IsOwn = true };

    // The text names only the type of the exception that user code threw, because the exception's own message may quote the payload.
    public static string Thrown(string by, Exception exception) => $"{by} threw {exception.GetType().Name}.";
}
