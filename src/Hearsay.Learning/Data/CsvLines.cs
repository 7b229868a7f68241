using System.Text;

namespace Hearsay.Learning.Data;

/// <summary>Reads lines of bounded length: a file that has no line breaks is refused and not read to its end.</summary>
internal sealed class CsvLines(TextReader reader)
{
    /// <summary>The most characters of a line: as many features as there may be, of 30 characters each.</summary>
    public const int LongestLine = 2 * 1024 * 1024;

    private readonly StringBuilder _line = new();

    /// <summary>The number of the line that was read last, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>Reads the next line, without what ends it.</summary>
    /// <returns>Null at the end of the text.</returns>
    /// <exception cref="InvalidDataException">The line is too long.</exception>
    public string? Read()
    {
        _line.Clear();
        var next = reader.Read();
        if (next < 0)
        {
            return null;
        }

        Number++;
        for (; next >= 0 && next != '\n' && next != '\r'; next = reader.Read())
        {
            if (_line.Length == LongestLine)
            {
                throw new InvalidDataException(
                    $"Line {Number} is longer than {LongestLine:N0} characters. Is this a CSV file?");
            }

            _line.Append((char)next);
        }

        if (next == '\r' && reader.Peek() == '\n')
        {
            reader.Read();
        }

        return _line.ToString();
    }
}
