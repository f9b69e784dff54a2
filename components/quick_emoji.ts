/** What is offered without opening the picker. */
export const QUICK = ["👍", "❤️", "😂", "😮", "😢", "🎉"];
