using Confluent.Kafka;

namespace KafkaCaching.Demo.Arguments;

/// <summary>A file of librdkafka properties. Its values may be secrets: no message holds one, only names and line numbers.</summary>
internal static class ClientConfigFile
{
    /// <exception cref="DemoException">The file can't be read, or a line is not <c>name=value</c>.</exception>
    public static ClientConfig Read(string path)
    {
        try
        {
            return Parse(path, File.ReadAllLines(path));
        }
        catch (FileNotFoundException)
        {
            throw new DemoException($"--client-config: there is no file {path}.", DemoException.BadArguments);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DemoException($"--client-config: {path} can't be read: {exception.Message}", DemoException.BadArguments);
        }
    }

    public static ClientConfig Parse(string path, IEnumerable<string> lines)
    {
        var config = new ClientConfig();
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            var text = line.Trim();
            if (text.Length == 0 || text[0] == '#')
                continue;

            var equals = text.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? "" : text[..equals].TrimEnd();
            if (!IsName(name))
                throw new DemoException($"--client-config: line {number} of {path} is not name=value, as in security.protocol=SASL_SSL.", DemoException.BadArguments);
            config.Set(name, text[(equals + 1)..].TrimStart());
        }

        return config;
    }

    // A line without its name, or with its parts swapped, would put a secret where the name belongs: only what looks like a name passes for one.
    private static bool IsName(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-');
}
