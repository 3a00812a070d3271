namespace KafkaCaching.Encodings;

/// <summary>Formats the name of a type as C# writes it.</summary>
internal static class TypeText
{
    public static string Of(Type type)
    {
        if (type.IsArray)
            return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return $"{Of(underlying)}?";

        // A type that is nested in a generic type has the type arguments of its outer type, but no backtick in its own name.
        return type.IsGenericType && type.Name.IndexOf('`', StringComparison.Ordinal) is > 0 and var mark
            ? $"{type.Name[..mark]}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>"
            : type.Name;
    }
}
