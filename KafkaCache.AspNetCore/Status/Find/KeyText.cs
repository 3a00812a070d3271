using System.Globalization;
using System.Reflection;
using System.Text;

namespace KafkaCaching.AspNetCore.Status.Find;

/// <summary>Reads keys as a person types them. An error message never contains the text, because it may be somebody's name.</summary>
internal static class KeyText
{
    private const string Hex = "0x";
    private const string Base64 = "base64:";

    /// <exception cref="FormatException">The text is not such a key, or keys of the type can't be typed.</exception>
    public static TKey Parse<TKey>(string text) => Parser<TKey>.Instance(text);

    private static class Parser<TKey>
    {
        public static readonly Func<string, TKey> Instance = Make();

        private static Func<string, TKey> Make()
        {
            if (typeof(TKey) == typeof(string))
                return (Func<string, TKey>)(object)(Func<string, string>)(static text => text);
            if (typeof(TKey) == typeof(byte[]))
                return (Func<string, TKey>)(object)(Func<string, byte[]>)Bytes;
            if (typeof(TKey).GetInterfaces().Contains(Parsable(typeof(TKey))))
            {
                return typeof(KeyText).GetMethod(nameof(ParseAs), BindingFlags.NonPublic | BindingFlags.Static)!
                    .MakeGenericMethod(typeof(TKey)).CreateDelegate<Func<string, TKey>>();
            }

            return static _ => throw new FormatException($"Keys of type {typeof(TKey)} can't be typed: the type has no Parse (IParsable).");
        }

        private static Type? Parsable(Type type)
        {
            try
            {
                return typeof(IParsable<>).MakeGenericType(type);
            }
            catch (ArgumentException)
            {
                // The type doesn't meet the constraint of IParsable, so it can't be parsed as itself.
                return null;
            }
        }
    }

    private static T ParseAs<T>(string text)
        where T : IParsable<T> =>
        T.TryParse(text, CultureInfo.InvariantCulture, out var key)
            ? key
            : throw new FormatException($"The text is no key of the cache. {Form(typeof(T))}");

    private static string Form(Type type) =>
        type == typeof(Guid) ? "A key is a Guid, as in 7d444840-9dc0-11d1-b245-5ffdce74fad2."
        : type == typeof(int) || type == typeof(long) ? $"A key is a whole number of {(type == typeof(int) ? 32 : 64)} bits, as in 42."
        : $"A key is what {type} can parse.";

    // Most keys that a service treats as bytes were text to the program that wrote them.
    private static byte[] Bytes(string text)
    {
        try
        {
            return text.StartsWith(Base64, StringComparison.Ordinal) ? Convert.FromBase64String(text[Base64.Length..])
                : text.StartsWith(Hex, StringComparison.Ordinal) ? Convert.FromHexString(text.AsSpan(Hex.Length))
                : Encoding.UTF8.GetBytes(text);
        }
        catch (FormatException notBytes)
        {
            throw new FormatException(
                $"The text is no key of the cache. A key is bytes: those of the text itself in UTF-8, or in hexadecimal digits after "
                + $"{Hex}, as in 0x48656c6c6f, or in base64 after {Base64}, as in base64:SGVsbG8=.",
                notBytes);
        }
    }
}
