using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Hearsay.Hosting;

/// <summary>
/// Reads a section into an immutable record of options. The generated binder leaves out properties that are set at the
/// start only, and says nothing.
/// </summary>
internal static class OptionsRecord
{
    /// <summary>What must stay of the type of a record when a program is trimmed.</summary>
    public const DynamicallyAccessedMemberTypes Needed =
        DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicParameterlessConstructor;

    /// <summary>
    /// What a section says: values by the names of the properties, or <c>true</c> for the defaults, or <c>false</c> for
    /// nothing.
    /// </summary>
    /// <param name="section">The section; it need not be there.</param>
    /// <param name="before">What holds where the section says nothing; null for the defaults.</param>
    /// <param name="errors">Takes unknown keys, and values that cannot be read.</param>
    /// <param name="more">Keys that are known although no property has their name.</param>
    /// <returns>The record; null if the feature is off.</returns>
    public static T? Read<[DynamicallyAccessedMembers(Needed)] T>(
        IConfigurationSection section, T? before, List<string> errors, params string[] more)
        where T : class, new()
    {
        if (!section.Exists())
        {
            return before;
        }

        if (section.Value is not (null or ""))
        {
            if (!bool.TryParse(section.Value, out var isOn))
            {
                errors.Add($"{section.Path} must be a section, or true or false, not '{section.Value}'.");
            }

            before = isOn ? before ?? new T() : null;
            if (!isOn)
            {
                return null;
            }
        }

        var properties = typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(static property => property.CanWrite).ToArray();
        errors.AddRange(HearsaySection.UnknownKeys(
            section, [.. more, .. properties.Select(static property => property.Name)]));
        var record = new T();
        foreach (var property in properties)
        {
            property.SetValue(record, Value(section.GetSection(property.Name), property, before ?? record, errors));
        }

        return record;
    }

    private static object? Value(IConfigurationSection key, PropertyInfo property, object before, List<string> errors)
    {
        if (!key.Exists())
        {
            return property.GetValue(before);
        }

        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (key.Value is { } text && TryParse(text, type, out var value))
        {
            return value;
        }

        errors.Add(IsText(type)
            ? $"{key.Path} must be {Allowed(type)}, not '{key.Value}'."
            : $"{key.Path} can be set in code only.");
        return property.GetValue(before);
    }

    /// <summary>Whether a text can stand for a value of a type.</summary>
    private static bool IsText(Type type) => type.IsValueType || type == typeof(string);

    private static bool TryParse(string text, Type type, out object? value)
    {
        var culture = CultureInfo.InvariantCulture;
        (var isRead, value) =
            type == typeof(string) ? (true, text)
            : type == typeof(int) ? (int.TryParse(text, culture, out var number), (object)number)
            : type == typeof(long) ? (long.TryParse(text, culture, out var count), count)
            : type == typeof(double) ? (double.TryParse(text, culture, out var share), share)
            : type == typeof(bool) ? (bool.TryParse(text, out var isOn), isOn)
            : type == typeof(TimeSpan) ? (TimeSpan.TryParse(text, culture, out var time), time)
            : type.IsEnum ? (Enum.TryParse(type, text, ignoreCase: true, out var word), word)
            : (false, null);
        return isRead;
    }

    private static string Allowed(Type type) =>
        type == typeof(int) || type == typeof(long) ? "a whole number"
        : type == typeof(double) ? "a number"
        : type == typeof(bool) ? "true or false"
        : type == typeof(TimeSpan) ? "a time like 00:00:01.5"
        : type.IsEnum ? $"one of {string.Join(", ", type.GetEnumNames())}"
        : "a text";
}
