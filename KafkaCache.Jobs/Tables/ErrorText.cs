namespace KafkaCaching.Jobs.Tables;

/// <summary>The message of an exception, as a record keeps it. It is cut off, because a source may put a whole page into a message, and the
/// brokers refuse a record that is too large.</summary>
internal static class ErrorText
{
    private const int Longest = 2_000;

    public static string Of(Exception failed) => failed.Message.Length > Longest ? failed.Message[..Longest] : failed.Message;
}
