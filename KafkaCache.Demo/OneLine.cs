using System.Text;

namespace KafkaCaching.Demo;

/// <summary>Text for one line of a terminal: what brokers and files send can hold line ends and control characters.</summary>
internal static class OneLine
{
    public static string Of(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!char.IsControl(c))
                line.Append(c);
            else if (line.Length > 0 && line[^1] != ' ')
                line.Append(' ');
        }

        return line.ToString().TrimEnd();
    }

    /// <summary>An exception and its causes, without what a cause only repeats.</summary>
    public static string Of(Exception exception)
    {
        var text = exception.Message;
        for (var cause = exception.InnerException; cause is not null; cause = cause.InnerException)
        {
            if (!text.Contains(cause.Message, StringComparison.Ordinal))
                text = $"{text} ({cause.Message})";
        }

        return Of(text);
    }
}
