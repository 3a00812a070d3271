using System.Globalization;
using System.Reflection;
using System.Text;

namespace KafkaCaching.AspNetCore.Status.Find;

/// <summary>Converts keys and index terms from and to the text that a user types. An error message never contains the text, because it may
/// be personal data.</summary>
internal static class KeyText
{
    private const string Hex = "0x";
    private const string Base64 = "base64:";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="text">The typed text.</param>
    /// <param name="what">The kind of text, for the message: a key, a prefix or a term.</param>
    /// <exception cref="FormatException">The text can't be parsed as a key, or keys of the type can't be typed.</exception>
    public static TKey Parse<TKey>(string text, string what) => Parser<TKey>.Instance(text, what);

    /// <summary>The text that <see cref="Parse"/> reads as the key.</summary>
    public static string Of<TKey>(TKey key) => key switch
    {
        byte[] bytes => OfBytes(bytes),
        IFormattable formattable => formattable.ToString(format: null, CultureInfo.InvariantCulture),
        _ => key?.ToString() ?? "",
    };

    private static class Parser<TKey>
    {
        public static readonly Func<string, string, TKey> Instance = Make();

        private static Func<string, string, TKey> Make()
        {
            if (typeof(TKey) == typeof(string))
                return (Func<string, string, TKey>)(object)(Func<string, string, string>)(static (text, _) => text);
            if (typeof(TKey) == typeof(byte[]))
                return (Func<string, string, TKey>)(object)(Func<string, string, byte[]>)Bytes;
            if (typeof(TKey).GetInterfaces().Contains(Parsable(typeof(TKey))))
            {
                return typeof(KeyText).GetMethod(nameof(ParseAs), BindingFlags.NonPublic | BindingFlags.Static)!
                    .MakeGenericMethod(typeof(TKey)).CreateDelegate<Func<string, string, TKey>>();
            }

            return static (_, what) => throw new FormatException(
                $"A {what} of type {typeof(TKey)} can't be typed: the type has no Parse (IParsable).");
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

    private static T ParseAs<T>(string text, string what)
        where T : IParsable<T> =>
        T.TryParse(text, CultureInfo.InvariantCulture, out var key)
            ? key
            : throw new FormatException($"The text is not a {what} of the cache. A {what} is {Form(typeof(T))}.");

    private static string Form(Type type) =>
        type == typeof(Guid) ? "a Guid, as in 7d444840-9dc0-11d1-b245-5ffdce74fad2"
        : type == typeof(int) || type == typeof(long) ? $"a whole number of {(type == typeof(int) ? 32 : 64)} bits, as in 42"
        : $"text that {type} can parse";

    private static string OfBytes(byte[] bytes)
    {
        try
        {
            var text = Strict.GetString(bytes);
            var isOtherForm = text.StartsWith(Hex, StringComparison.Ordinal) || text.StartsWith(Base64, StringComparison.Ordinal);
            if (!isOtherForm && !text.Any(char.IsControl))
                return text;
        }
        catch (DecoderFallbackException)
        {
            // The key is not valid UTF-8, so it is shown as base64.
        }

        return Base64 + Convert.ToBase64String(bytes);
    }

    // Text without a prefix is encoded as UTF-8, because most byte keys were written as text.
    private static byte[] Bytes(string text, string what)
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
                $"The text is not a {what} of the cache. Type a {what} as text (it is encoded in UTF-8), as hexadecimal digits after {Hex} "
                + $"(0x48656c6c6f), or as base64 after {Base64} (base64:SGVsbG8=).",
                notBytes);
        }
    }
}
