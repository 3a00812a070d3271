using System.Globalization;

namespace KafkaCaching.EntityFrameworkCore.Rows;

/// <summary>Converts a cell to a type other than the one as which it was recorded. Two queries with the same SQL may read a column as
/// different types.</summary>
internal static class CellConversion
{
    /// <exception cref="InvalidOperationException">No conversion exists.</exception>
    public static T To<T>(object? value) => value switch
    {
        T same => same,
        null => throw new InvalidCastException("The cell is null."),
        _ => (T)Convert(value, Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T)),
    };

    private static object Convert(object value, Type type)
    {
        if (type.IsInstanceOfType(value))
            return value;
        if (type.IsEnum)
            return Enum.ToObject(type, value);
        if (value is string text && FromText(text, type) is { } parsed)
            return parsed;
        if (value is byte[] bytes && type == typeof(Guid) && bytes.Length == 16)
            return new Guid(bytes);
        if (value is DateTime time && type == typeof(DateOnly))
            return DateOnly.FromDateTime(time);
        if (value is TimeSpan span && type == typeof(TimeOnly))
            return TimeOnly.FromTimeSpan(span);
        if (value is IConvertible && typeof(IConvertible).IsAssignableFrom(type))
            return System.Convert.ChangeType(value, type, CultureInfo.InvariantCulture);
        throw new InvalidOperationException(
            $"Two cached queries have the same SQL and read a column as {value.GetType()} and as {type}. Make the SQL of one of them "
            + "different with .TagWith(\"...\").");
    }

    private static object? FromText(string text, Type type) =>
        type == typeof(Guid) ? Guid.Parse(text)
        : type == typeof(DateTimeOffset) ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture)
        : type == typeof(DateOnly) ? DateOnly.Parse(text, CultureInfo.InvariantCulture)
        : type == typeof(TimeOnly) ? TimeOnly.Parse(text, CultureInfo.InvariantCulture)
        : type == typeof(TimeSpan) ? TimeSpan.Parse(text, CultureInfo.InvariantCulture)
        : null;
}
