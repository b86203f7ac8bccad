// Which of the registered commands a person sees: Telegram's order of scopes and languages.

const PRIVATE = ["chat", "all_private_chats", "default"];
const GROUP = ["chat_member", "chat", "all_group_chats", "default"];

const asObject = (scope) =>
  typeof scope === "string" ? { type: scope } : (scope ?? { type: "default" });

export function commandsFor(profile, { chat, person, isPrivate, languageCode }) {
  const registered = (profile?.commands ?? []).map((each) => ({
    ...each,
    scope: asObject(each.scope),
  }));
  const fits = (scope, type) =>
    scope.type === type &&
    (scope.chat_id === undefined || String(scope.chat_id) === String(chat)) &&
    (scope.user_id === undefined || String(scope.user_id) === String(person));
  for (const type of isPrivate ? PRIVATE : GROUP) {
    for (const language of [languageCode, ""]) {
      const found = registered.find(
        (each) =>
          fits(each.scope, type) && (each.language_code ?? "") === language && each.commands.length,
      );
      if (found) return found.commands;
    }
  }
  return [];
}

export const inLanguage = (texts, language) => texts?.[language] || texts?.[""] || "";
